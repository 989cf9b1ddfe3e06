import type { CommandModule } from 'yargs';
import { EXIT } from '../errors.ts';
import { Progress } from '../progress.ts';
import { finishedRuns } from './finished-runs.ts';

interface Options {
  readonly runs: string[];
  readonly preset?: string;
  readonly suite?: string;
  readonly claims?: string;
  readonly json: boolean;
}

/** `clara-bench check`: what must hold of any runs. */
export const checkCommand: CommandModule<object, Options> = {
  command: 'check <runs..>',
  describe: 'Check finished runs: scores, rows, leaks between training and test',
  builder: async (yargs) => {
    const { presets } = await import('../metrics/presets.ts');
    return yargs
      .positional('runs', finishedRuns.runs)
      .option('preset', {
        choices: presets.map(({ id }) => id),
        describe: 'Whose metric definitions; default: as the runs’ suites say',
      })
      .option('suite', finishedRuns.suite)
      .option('claims', {
        type: 'string',
        describe: 'File of claims (YAML), each of which must hold as well',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
      .example('$0 check runs', 'Everything that is finished under runs/')
      .example('$0 check runs --claims harness/suites/quick.claims.yaml', 'and what is said of them')
      .epilogue(
        'A claim: { claim: better, system: text-lora, than: { id: clara, ratio: 32 }, metric: exact-match, benchmark: atlas, margin: 2 }, in a list `claims:`. Claims are better and ' +
          'not-worse (with a margin), by which values of the metric are the better ones, and above and below. A side names one system by its id, ratio, settings, model and seed; `ratio` beside them is of both. ' +
          'It holds where p after Holm’s correction over the file is under 0.05 and the whole 95 % interval lies beyond the margin (0).\n\n' +
          `Ends with ${EXIT.belowThreshold} where a check failed or a claim is refused. A warning does not change the exit code: it says what need not be wrong. Everything is computed from what is stored.`,
      );
  },
  handler: async ({ json, claims: file, ...options }) => {
    const { checkRuns } = await import('../../reports/check/check-runs.ts');
    const { checkTable } = await import('../../reports/check/check-table.ts');
    const { claimsText } = await import('../../reports/claims/claims-text.ts');
    const { judgeClaims } = await import('../../reports/claims/judge-claims.ts');
    const { loadClaims } = await import('../../reports/claims/load-claims.ts');
    const claims = file === undefined ? [] : await loadClaims(file);
    const progress = new Progress({ label: 'checking', unit: 'runs' });
    const checked = await checkRuns({ ...options, onChecked: (done) => progress.update(done) });
    progress.finish();
    const { runs, incomplete, results } = checked;
    // Claims may be refused as a whole, and the checks say why.
    if (!json) process.stdout.write(checkTable(checked));
    const judged = claims.length > 0 ? await judgeClaims({ claims, runs, preset: options.preset }) : [];
    if (json)
      process.stdout.write(
        `${JSON.stringify({ runs: runs.length, incomplete, checks: results, claims: judged }, null, 2)}\n`,
      );
    else if (judged.length > 0) process.stdout.write(`\n${claimsText(judged)}`);
    if (results.some(({ outcome }) => outcome === 'failed') || judged.some(({ held }) => !held))
      process.exitCode = EXIT.belowThreshold;
  },
};
