import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { InputError } from '../../../harness/errors.ts';
import { findPreset } from '../../../harness/metrics/presets.ts';
import {
  compareWithRuns,
  type CompareWithRunsOptions,
  type RunsMatch,
} from '../../../reports/against/compare-with-runs.ts';
import { findRuns } from '../../../reports/find-runs.ts';
import { scoreRuns } from '../../../reports/report-row.ts';
import { rowsOf } from '../../../reports/rows-of.ts';
import { otherRunsSection, otherRunsSummary } from '../../../reports/sections/other-runs-section.ts';
import { makeRun, plainExamples, type MadeRun } from '../make-runs.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-against-'));
after(() => rm(folder, { recursive: true }));
const [here, there] = [path.join(folder, 'here'), path.join(folder, 'there')];

const right =
  (count: number) =>
  ({ answers }: { answers: string[] }, at: number): string =>
    at < count ? answers[0]! : 'Nowhere';

async function against(
  runs: string,
  others: string,
  options: Partial<CompareWithRunsOptions> = {},
): Promise<RunsMatch> {
  const [one, other] = [await findRuns([runs]), await findRuns([others])];
  const { metrics } = findPreset('clara-bench');
  return compareWithRuns({
    ...{ runs: one.runs, others: other.runs, metrics, own: [] },
    ...{ preset: 'clara-bench', isPresetGiven: false, allowMixed: false, ...options },
  });
}

const refused = (others: string, expected: RegExp): Promise<void> =>
  assert.rejects(against(here, others), (error) => {
    assert.ok(error instanceof InputError, String(error));
    assert.match(error.message, expected);
    return true;
  });

/** A folder of one run: text with all documents, as the report has it. */
async function single(name: string, made: Partial<MadeRun>): Promise<string> {
  const runs = path.join(folder, name);
  await makeRun(runs, { system: 'text', settings: { docs: 'all' }, answer: right(6), ...made });
  return runs;
}

before(async () => {
  for (const [runs, count] of [
    [here, 12],
    [there, 2],
  ] as const) {
    await makeRun(runs, {
      system: 'clara',
      ratio: 4,
      answer: right(count),
      ranking: [0],
      manifest: { trained: String(count).repeat(64).slice(0, 64) },
    });
    await makeRun(runs, { system: 'text', settings: { docs: 'all' }, answer: right(6) });
  }
  await makeRun(here, { system: 'clara', ratio: 16, answer: right(3) });
  await makeRun(there, { system: 'no-context', answer: right(1) });
});

test('the same cells are compared question by question, with Holm over all of them', async () => {
  const match = await against(here, there);
  const rows = match.comparisons.map(({ labels, metric, questions, difference, discordant }) => [
    ...[labels.one, metric.id, questions, Math.round(120 * difference.mean) / 10],
    ...(discordant ? [discordant.one, discordant.other] : []),
  ]);
  assert.deepEqual(rows, [
    ['clara 4×', 'exact-match', 12, 10, 10, 0],
    ['clara 4×', 'f1', 12, 10],
    ['clara 4×', 'recall@1', 12, 0],
  ]);
  const exact = match.comparisons.find(
    ({ labels, metric }) => labels.one === 'clara 4×' && metric.id === 'exact-match',
  )!;
  // McNemar's exact test of 10 against 0: 2 / 2^10; the permutation test of F1 may have a smaller p.
  assert.ok(Math.abs(exact.p - 2 / 1024) < 1e-12);
  assert.ok(
    [2, 3].some((factor) => Math.abs(exact.correctedP - factor * exact.p) < 1e-12),
    String(exact.correctedP),
  );
  assert.deepEqual([match.pairs, match.same, match.mixed], [2, ['text on cities/dev'], []]);
  assert.deepEqual(match.unmatched, [
    { side: 'A', label: 'cities/dev clara 16×' },
    { side: 'B', label: 'cities/dev no-context' },
  ]);
  assert.deepEqual(match.otherWeights, ['clara 4× on cities/dev']);
  assert.match(
    otherRunsSummary(match),
    /^Against other runs: 2 cells in both, 1 of them with the same answers; \d of 3 /,
  );
});

test('the section has a row for each comparison, and says what is left out', async () => {
  const found = await findRuns([here]);
  const rows = rowsOf(await scoreRuns(found.runs, { preset: 'clara-bench', metrics: [] }));
  const { blocks } = otherRunsSection(await against(here, there), rows);
  const table = blocks.find((block) => block.kind === 'table')!;
  const texts = table.rows.map((row) => row.map(({ text }) => text).join(' | '));
  assert.equal(texts.length, 3);
  assert.match(
    texts.find((text) => text.startsWith('clara 4× | cities | 4× | – | Exact match'))!,
    /\| 12 \| 100\.0 \| 16\.7 \| \+83\.3 \[\+[\d.]+, \+[\d.]+\] \| 10 \| 0 \| 0\.0020 \| 0\.00/,
  );
  assert.deepEqual(table.notes, [
    '1 of the 2 cells gave the same answers in both, byte for byte, and stand in no row, nor among the comparisons that p is corrected for: text on cities/dev.',
    'Answered with other weights or after another training: clara 4× on cities/dev.',
    'Only here, in these settings, and left out: cities/dev clara 16×.',
    'Only there, in these settings, and left out: cities/dev no-context.',
  ]);
});

test('other questions, prompts and scorers are refused, each by name, and shown where that is asked for', async () => {
  const changed = plainExamples().map((example, at) => (at < 3 ? { ...example, question: 'Other?' } : example));
  const questions = await single('questions', { examples: changed.slice(0, 10) });
  await refused(
    questions,
    /benchmark cities \(dev\): the runs answered different questions\n.*\n.*10 questions.*\n.*--allow-mixed/,
  );
  const asked = await single('asked', { manifest: { prompt: 'a'.repeat(64) } });
  const before = path.join(folder, 'before');
  await makeRun(before, {
    system: 'text',
    settings: { docs: 'all' },
    answer: right(6),
    manifest: { prompt: 'b'.repeat(64) },
  });
  await assert.rejects(against(before, asked), /the runs were asked in different words/);
  const scorer = await single('scorer', { manifest: { preset: 'squad' } });
  await refused(scorer, /scorer: the report has the metric preset clara-bench, the other runs ask for squad; name one/);
  assert.deepEqual((await against(here, scorer, { isPresetGiven: true })).mixed, []);

  const mixed = await against(here, questions, { allowMixed: true });
  assert.match(mixed.mixed.join(), /different questions/);
  // Paired by id: of 12 questions the 10 that both have.
  assert.deepEqual([mixed.comparisons[0]!.questions, mixed.comparisons[0]!.difference.mean], [10, 0]);
  const { blocks } = otherRunsSection(
    mixed,
    rowsOf(await scoreRuns((await findRuns([here])).runs, { preset: 'clara-bench', metrics: [] })),
  );
  assert.ok(blocks.some((block) => block.kind === 'paragraph' && block.text.startsWith('Warning: ')));
});

test('runs without a common cell are refused with what each side has', async () => {
  const other = await single('rivers', { benchmark: 'rivers' });
  await refused(
    other,
    /expected runs of the same benchmark, .*, got none\n the report has\n(.*\n)+ the other runs has\n {2}rivers\/dev text/,
  );
});
