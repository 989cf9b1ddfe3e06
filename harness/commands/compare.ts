import type { CommandModule } from 'yargs';
import type { CompareOptions } from '../../reports/compare/compare-runs.ts';
import type { Requirement } from '../../reports/compare/requirement.ts';
import { EXIT, InputError } from '../errors.ts';
import { Progress } from '../progress.ts';

interface Options {
  readonly one: string;
  readonly other: string;
  readonly runs: string;
  readonly metric?: string;
  readonly preset?: string;
  readonly by?: CompareOptions['by'];
  readonly interval: 'bca' | 'percentile';
  readonly seed: number;
  readonly require?: Requirement['require'];
  readonly margin?: number;
  readonly 'allow-missing': boolean;
  readonly json: boolean;
}

/** `clara-bench compare`: two systems, or two states of all, question by question. */
export const compareCommand: CommandModule<object, Options> = {
  command: 'compare <one> <other>',
  describe: 'Compare runs question by question: difference, interval, tests, power',
  builder: async (yargs) => {
    const { GROUPINGS } = await import('../../reports/compare/compare-runs.ts');
    const { REQUIREMENTS } = await import('../../reports/compare/requirement.ts');
    return yargs
      .positional('one', {
        type: 'string',
        demandOption: true,
        describe:
          'A run’s folder, a folder of runs, or a selector: a system’s id, the beginning of a key, a part of a label',
      })
      .positional('other', { type: 'string', demandOption: true, describe: 'What it is compared with, given likewise' })
      .option('runs', { type: 'string', default: 'runs', describe: 'Folder in which selectors look' })
      .option('metric', {
        type: 'string',
        describe: 'Metric to compare by; default: exact-match, or recall@1 where a system only ranks',
      })
      .option('preset', { type: 'string', describe: 'Whose metric definitions; default: as the runs’ suites say' })
      .option('by', {
        choices: GROUPINGS,
        describe:
          'One row for each of these, over all questions in it (hops: gold passages); default: for each two runs',
      })
      .option('interval', {
        choices: ['bca', 'percentile'] as const,
        default: 'bca' as const,
        describe: 'Of the bootstrap; over several seeds always percentile',
      })
      .option('seed', { type: 'number', default: 0, describe: 'Of the bootstrap and the permutation test' })
      .option('require', {
        choices: REQUIREMENTS,
        describe: `End with ${EXIT.belowThreshold} unless it holds for every row`,
      })
      .option('margin', {
        type: 'number',
        describe: 'For --require, in percentage points of shares, otherwise in the metric’s unit',
      })
      .option('allow-missing', {
        type: 'boolean',
        default: false,
        describe: 'For --require: what only one side has, or has no common answers, is left out instead of failing',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print JSON: shares between 0 and 1' })
      .example('$0 compare clara text-lora', 'CLaRa at each of its ratios with text-lora, on each benchmark')
      .example(
        '$0 compare clara text-budget-lora --metric f1 --by ratio',
        'two systems of the same ratios, pooled over benchmarks',
      )
      .example(
        '$0 compare new/runs old/runs --require not-worse',
        'all runs after a change with those before it: guards a CI',
      )
      .example('$0 compare "clara*ratio=4" text --require not-worse --margin 2', 'at most two points under text, shown')
      .epilogue(
        'Two folders of runs are matched by benchmark, system, settings and model; everything else by benchmark, and by ratio where both sides have several. ' +
          'Runs that differ in nothing but their seed are one system trained several times.\n\n' +
          'better: p after Holm’s correction under 0.05 and the whole interval above the margin (0). not-worse with a margin: the whole interval above minus the margin; ' +
          'without: not shown to be worse. What only one side has fails both, unless --allow-missing. Of times, tokens and bytes less is better.',
      );
  },
  handler: async ({ require, margin, json, 'allow-missing': allowMissing, ...options }) => {
    checkOptions({ seed: options.seed, require, margin, allowMissing });
    const { compareRuns } = await import('../../reports/compare/compare-runs.ts');
    const { comparisonTable } = await import('../../reports/compare/comparison-table.ts');
    const { unmetRows } = await import('../../reports/compare/requirement.ts');
    const bars = new Map<string, Progress>();
    const comparison = await compareRuns({
      ...options,
      onProgress: (done, total, what) => {
        const label = what === 'runs' ? 'scoring' : 'comparing';
        if (!bars.has(what)) bars.set(what, new Progress({ label, total, unit: what }));
        bars.get(what)!.update(done);
        if (done === total) bars.get(what)!.finish();
      },
    });
    const scale = comparison.unit === 'share' ? 100 : 1;
    const unmet = require ? unmetRows(comparison, { require, margin: margin && margin / scale }) : [];
    const missing = require && !allowMissing ? comparison.missing : [];
    const met = unmet.length === 0 && missing.length === 0;
    const requirement = require && { require, margin: margin ?? null, allowMissing, met };
    process.stdout.write(
      json
        ? `${JSON.stringify({ ...comparison, requirement: requirement ?? null }, null, 2)}\n`
        : comparisonTable(comparison),
    );
    for (const { group, labels } of unmet) {
      process.stderr.write(`not ${require}: ${group}: ${labels.one} against ${labels.other}\n`);
    }
    for (const text of missing) {
      process.stderr.write(`not shown to be ${require}: ${text}; --allow-missing leaves it out\n`);
    }
    if (!met) process.exitCode = EXIT.belowThreshold;
  },
};

function checkOptions({
  seed,
  require,
  margin,
  allowMissing,
}: Pick<Options, 'seed' | 'require' | 'margin'> & { readonly allowMissing: boolean }): void {
  const problems = [
    ...(Number.isSafeInteger(seed) ? [] : [`--seed: expected a whole number, got ${seed}`]),
    ...(margin === undefined || margin >= 0 ? [] : [`--margin: expected a number from 0 on, got ${margin}`]),
    ...(margin !== undefined && require === undefined ? ['--margin: expected --require beside it, got none'] : []),
    ...(allowMissing && require === undefined ? ['--allow-missing: expected --require beside it, got none'] : []),
  ];
  if (problems.length > 0) throw new InputError(problems);
}
