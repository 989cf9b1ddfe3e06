import type { CommandModule } from 'yargs';
import { EXIT } from '../errors.ts';
import { Progress } from '../progress.ts';

interface Options {
  readonly runs: string[];
  readonly preset?: string;
  readonly suite?: string;
  readonly json: boolean;
}

/** `clara-bench check`: what must hold of any runs. */
export const checkCommand: CommandModule<object, Options> = {
  command: 'check <runs..>',
  describe: 'Check finished runs: scores, rows, leaks between training and test',
  builder: async (yargs) => {
    const { presets } = await import('../metrics/presets.ts');
    return yargs
      .positional('runs', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Folder of runs (or single runs’ folders)',
      })
      .option('preset', {
        choices: presets.map(({ id }) => id),
        describe: 'Whose metric definitions; default: as the runs’ suites say',
      })
      .option('suite', { type: 'string', describe: 'Only the runs that the suite of this name ran last' })
      .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
      .example('$0 check runs', 'Everything that is finished under runs/')
      .epilogue(
        `Ends with ${EXIT.belowThreshold} where a check failed. A warning does not change the exit code: it says what need not be wrong. Everything is computed from what is stored.`,
      );
  },
  handler: async ({ json, ...options }) => {
    const { checkRuns } = await import('../../reports/check/check-runs.ts');
    const { checkTable } = await import('../../reports/check/check-table.ts');
    const progress = new Progress({ label: 'checking', unit: 'runs' });
    const checked = await checkRuns({ ...options, onChecked: (done) => progress.update(done) });
    progress.finish();
    const { runs, incomplete, results } = checked;
    process.stdout.write(
      json ? `${JSON.stringify({ runs: runs.length, incomplete, checks: results }, null, 2)}\n` : checkTable(checked),
    );
    if (results.some(({ outcome }) => outcome === 'failed')) process.exitCode = EXIT.belowThreshold;
  },
};
