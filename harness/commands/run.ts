import type { CommandModule } from 'yargs';
import { EXIT, InputError } from '../errors.ts';

interface Options {
  suite: string;
  runs: string;
  only?: string;
  jobs: number;
  'data-root'?: string;
  'retry-failed': boolean;
}

/** `clara-bench run`: does what is missing of a suite. */
export const runCommand: CommandModule<object, Options> = {
  command: 'run <suite>',
  describe: 'Run what is missing of a suite: one folder of predictions for each job',
  builder: (yargs) =>
    yargs
      .positional('suite', { type: 'string', demandOption: true, describe: 'Suite file (YAML)' })
      .option('runs', { type: 'string', default: 'runs', describe: 'Folder of the runs' })
      .option('only', {
        type: 'string',
        describe: 'Only jobs whose label has this in it (* for any text), as in `plan`',
      })
      .option('jobs', { type: 'number', default: 1, describe: 'Processes side by side; they share the processor' })
      .option('data-root', {
        type: 'string',
        describe: 'Folder of the benchmarks that are named by id (or CLARA_BENCH_DATA)',
      })
      .option('retry-failed', {
        type: 'boolean',
        default: false,
        describe: 'Ask the failed questions of complete jobs again',
      })
      .check(({ jobs }) => {
        if (Number.isInteger(jobs) && jobs >= 1) return true;
        throw new InputError('--jobs: expected a whole number of at least 1');
      })
      .example('$0 run harness/suites/sample.yaml', 'the shipped sample')
      .example('$0 run suite.yaml --only "hotpotqa*ratio=4" --jobs 2', 'some jobs of a suite, two at a time')
      .epilogue('It can be stopped (Ctrl-C) or killed at any time: run again, it goes on where it was.'),
  handler: async (options) => {
    const { runSuite } = await import('../suite/run-suite.ts');
    const { inOneLine } = await import('../suite/training-failure.ts');
    const outcomes = await runSuite(options.suite, {
      ...options,
      dataRoot: options['data-root'],
      retryFailed: options['retry-failed'],
    });
    for (const { kind, label, folder, already, predictions, failures, failed } of outcomes) {
      const lost = failures > 0 ? `, ${failures} FAILED (see failures.jsonl)` : '';
      const state = failed ? 'FAILED' : already ? 'there' : 'done ';
      const result = failed ? `: ${inOneLine(failed)}` : kind === 'train' ? '' : `: ${predictions} answered${lost}`;
      process.stdout.write(`${state}  ${label}${result}  ${folder}\n`);
    }
    const failures = outcomes.reduce((sum, outcome) => sum + outcome.failures, 0);
    if (failures > 0) process.stderr.write(`${failures} questions failed; --retry-failed asks them again\n`);
    const failed = outcomes.filter((outcome) => outcome.failed);
    if (failed.length > 0) process.stderr.write(`${failed.length} jobs FAILED; run again to try them again\n`);
    if (failed.some((outcome) => outcome.failed?.kind === 'input')) process.exitCode = EXIT.badInput;
    else if (failed.length > 0 || outcomes.some(({ kind, predictions }) => kind === 'predict' && predictions === 0))
      process.exitCode = EXIT.fault;
  },
};
