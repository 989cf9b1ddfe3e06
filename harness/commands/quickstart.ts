import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { CommandModule } from 'yargs';
import { EXIT } from '../errors.ts';
import { packageRoot } from '../home.ts';
import { duration } from '../progress.ts';

interface QuickstartOptions {
  runs: string;
  out: string;
}

const SUITE = path.join(packageRoot, 'harness', 'suites', 'quick.yaml');

/** `clara-bench quickstart`: all that is needed from a fresh clone to a report. */
export const quickstartCommand: CommandModule<object, QuickstartOptions> = {
  command: 'quickstart',
  describe: 'Set up what is missing, train CLaRa and fine-tuned text on a generated benchmark, and write a report',
  builder: (yargs) =>
    yargs
      .option('runs', { type: 'string', default: 'runs', describe: 'Folder of the runs' })
      .option('out', { type: 'string', default: path.join('out', 'quickstart'), describe: 'Folder of the report' })
      .example('$0 quickstart', 'from a fresh clone to a report; the second time only what is missing is done')
      .example('CLARA_BENCH_HOME=/data/cache $0 quickstart', 'keep engine and model in another folder')
      .epilogue(
        'It runs harness/suites/quick.yaml: CLaRa at ratios 4 to 32 beside text baselines that are fine-tuned for as many steps, with the tiny model nano on questions about an invented world (atlas). ' +
          'It can be stopped (Ctrl-C) at any time: run again, it goes on where it was.',
      ),
  handler: async ({ runs, out }) => {
    const { writeReport } = await import('../../reports/write-report.ts');
    const { setUpEngine } = await import('../engine/setup/set-up-engine.ts');
    const { pullModel } = await import('../language-model/models/pull-model.ts');
    const { findModel } = await import('../language-model/registry.ts');
    const { loadSuite } = await import('../suite/load-suite.ts');
    const { runSuite } = await import('../suite/run-suite.ts');
    const suite = await loadSuite(SUITE);
    await step('1/4 native engine', 'a minute or two the first time', async () => {
      const { device, how } = await setUpEngine('auto', { note: (text) => process.stderr.write(`setup: ${text}\n`) });
      return `${device}, ${how === 'kept' ? 'ready' : how}`;
    });
    await step('2/4 language model', 'comes with the program', async () => {
      const known = suite.models.map(findModel).filter((model) => model !== undefined);
      for (const model of known) await pullModel(model);
      return known.map(({ id }) => id).join(', ');
    });
    const outcomes = await step('3/4 trainings and questions', 'about four minutes on two processor cores', () =>
      runSuite(SUITE, { runs, jobs: availableParallelism() }),
    );
    const { folder, table } = await step('4/4 report', 'seconds', () =>
      writeReport({
        runs,
        out,
        suite: suite.name,
        title: 'Quickstart: CLaRa and fine-tuned text on atlas',
        claims: claimsBeside(SUITE),
      }),
    );
    process.stdout.write(
      `\n${table}\n` +
        `report: ${path.resolve(folder, 'index.html')}\n` +
        `predictions: ${path.resolve(runs)}\n` +
        `next: clara-bench predict --help (one file), clara-bench run --help (a suite of your own, such as harness/suites/squad-clara.yaml)\n`,
    );
    if (outcomes.some(({ kind, predictions, failed }) => failed || (kind === 'predict' && predictions === 0)))
      process.exitCode = EXIT.fault;
  },
};

/** The claims about a suite: `NAME.claims.yaml` beside `NAME.yaml`, where there is one. */
function claimsBeside(suite: string): string | undefined {
  const file = suite.replace(/\.ya?ml$/, '.claims.yaml');
  return existsSync(file) ? file : undefined;
}

/** Says what begins, how long it takes as a rule, and how long it took. */
async function step<T>(name: string, expected: string, work: () => Promise<T>): Promise<T> {
  process.stderr.write(`${name} (${expected})\n`);
  const begun = performance.now();
  const result = await work();
  const took = duration((performance.now() - begun) / 1000);
  process.stderr.write(`${name}: done in ${took}${typeof result === 'string' ? `: ${result}` : ''}\n`);
  return result;
}
