import path from 'node:path';
import type { CommandModule } from 'yargs';
import { duration } from '../progress.ts';
import type { JobEstimate } from '../suite/estimate.ts';

interface Options {
  suite: string;
  runs: string;
  only?: string;
  'data-root'?: string;
  exact: boolean;
  json: boolean;
}

/** `clara-bench plan`: what a suite has in it, what is there, and what the rest will take. */
export const planCommand: CommandModule<object, Options> = {
  command: 'plan <suite>',
  describe: 'Show the jobs of a suite: what is there already, questions, tokens, time and disk',
  builder: (yargs) =>
    yargs
      .positional('suite', { type: 'string', demandOption: true, describe: 'Suite file (YAML)' })
      .option('runs', { type: 'string', default: 'runs', describe: 'Folder of the runs' })
      .option('only', { type: 'string', describe: 'Only jobs whose label has this in it (* for any text)' })
      .option('data-root', {
        type: 'string',
        describe: 'Folder of the benchmarks that are named by id (or CLARA_BENCH_DATA)',
      })
      .option('exact', {
        type: 'boolean',
        default: false,
        describe: "Count every prompt's tokens, not only a sample's",
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
      .example('$0 plan harness/suites/sample.yaml', 'the jobs of the shipped sample')
      .example('$0 plan suite.yaml --only "hotpotqa*ratio=4" --json', 'some jobs, for a program')
      .epilogue(
        'Times are at most: every answer as long as it may be. They come from a few prompts and training steps of each model, measured once on this machine and kept. ' +
          'Tokens of a training are the rows that go through the decoder in all its steps.',
      ),
  handler: async ({ suite: file, runs, only, 'data-root': dataRoot, exact, json }) => {
    const { estimateJobs } = await import('../suite/estimate.ts');
    const { loadSuite } = await import('../suite/load-suite.ts');
    const { planSuite } = await import('../suite/plan-suite.ts');
    const { selectJobs } = await import('../suite/select-jobs.ts');
    const suite = await loadSuite(file);
    const planned = selectJobs(await planSuite(suite, { dataRoot }), only);
    const jobs: JobEstimate[] = [];
    if (!json) process.stdout.write(`${suite.name}: ${planned.length} jobs in ${path.resolve(runs)}\n\n${HEADER}\n`);
    for await (const job of estimateJobs(planned, { runs: path.resolve(runs), exact })) {
      jobs.push(job);
      if (!json) process.stdout.write(`${row(job)}\n`);
    }
    const total = totalOf(jobs);
    if (json) process.stdout.write(`${JSON.stringify({ suite: suite.name, jobs, total }, null, 2)}\n`);
    else process.stdout.write(`\n${row({ ...total, label: 'all', rows: null })}\n`);
  },
};

type Row = Omit<JobEstimate, 'kind' | 'key' | 'folder' | 'state'> & { readonly state: string };

const WIDTHS = [8, 12, 14, 14, 10];
const HEADER = columns(['state', 'questions', 'tokens', 'time left', 'disk', 'job']);

function row({ state, questions, settled, promptTokens, rows, exact, seconds, bytes, label }: Row): string {
  const tokens = promptTokens ?? rows;
  return columns([
    state,
    settled > 0 && settled < questions ? `${settled}/${questions}` : String(questions),
    tokens === null ? '?' : `${exact ? '' : '~'}${Math.round(tokens).toLocaleString('en-US')}`,
    seconds === null ? '?' : seconds === 0 ? '-' : duration(seconds),
    bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`,
    label,
  ]);
}

function columns(cells: readonly string[]): string {
  return cells
    .map((cell, at) =>
      at === 0 || at === cells.length - 1 ? cell.padEnd(WIDTHS[at] ?? 0) : cell.padStart(WIDTHS[at]!),
    )
    .join('  ');
}

/** Sums, of questions and tokens over the predictions; what is not known of one job is not known of all. */
function totalOf(jobs: readonly JobEstimate[]): Omit<Row, 'label'> {
  const predictions = jobs.filter(({ kind }) => kind === 'predict');
  const trainings = jobs.filter(({ kind }) => kind === 'train');
  const sum = (of: readonly (number | null)[]): number | null =>
    of.reduce<number | null>((all, value) => (all === null || value === null ? null : all + value), 0);
  return {
    state: `${jobs.filter(({ state }) => state === 'there').length} there`,
    questions: sum(predictions.map(({ questions }) => questions))!,
    settled: sum(predictions.map(({ settled }) => settled))!,
    promptTokens: sum(predictions.map(({ promptTokens }) => promptTokens)),
    rows: trainings.length === 0 ? null : sum(trainings.map(({ rows }) => rows)),
    exact: predictions.every(({ exact }) => exact),
    seconds: sum(jobs.map(({ seconds }) => seconds)),
    bytes: sum(jobs.map(({ bytes }) => bytes))!,
  };
}
