import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findRuns } from '../../../reports/find-runs.ts';
import { compareWithPaper, type PaperComparison, type PaperMatch } from '../../../reports/paper/compare-with-paper.ts';
import { counterpartOf } from '../../../reports/paper/counterpart.ts';
import { paperBenchmark } from '../../../reports/paper/paper-setup.ts';
import { scoreRuns } from '../../../reports/report-row.ts';
import { rowsOf } from '../../../reports/rows-of.ts';
import { paperSection } from '../../../reports/sections/paper-section.ts';
import { findTrainings } from '../../../reports/training/find-trainings.ts';
import { makeRun, plainExamples } from '../make-runs.ts';
import { makeTraining } from '../make-trainings.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-paper-'));
after(() => rm(folder, { recursive: true }));

const MISTRAL = { id: 'mistralai/Mistral-7B-Instruct-v0.2', hash: 'mistral' };
/** The first so many questions right. */
const right =
  (count: number) =>
  ({ answers }: { answers: string[] }, at: number): string =>
    at < count ? answers[0]! : 'Nowhere';

async function match(runs: string, preset: string): Promise<PaperMatch> {
  const found = await findRuns([runs]);
  const scored = await scoreRuns(found.runs, { preset, metrics: [] });
  return compareWithPaper(rowsOf(scored), preset, await findTrainings(scored));
}

let own: PaperMatch;
before(async () => {
  const runs = path.join(folder, 'runs');
  const hotpotqa = { benchmark: 'hotpotqa', manifest: { model: MISTRAL, preset: 'clara' } };
  await makeRun(runs, { ...hotpotqa, system: 'no-context', answer: right(3) });
  await makeRun(runs, { ...hotpotqa, system: 'text', settings: { docs: 'oracle-5' }, answer: right(9) });
  await makeRun(runs, { ...hotpotqa, system: 'text', settings: { docs: 5 }, answer: right(12) });
  await makeRun(runs, { ...hotpotqa, system: 'text-lora', settings: { docs: 5 }, answer: right(12) });
  const pretraining = await makeTraining(runs, { trainer: 'clara/pretraining', settings: { steps: 50, batch: 8 } });
  const end = await makeTraining(runs, {
    trainer: 'clara/end-to-end',
    settings: { steps: 20, batch: 4 },
    from: pretraining,
  });
  const clara = {
    ...hotpotqa,
    system: 'clara',
    answer: right(8),
    ranking: [0],
    manifest: { ...hotpotqa.manifest, trained: end.key },
  };
  const stages = { pretraining: {}, instruction: null, docs: 'all', k: 3 };
  const whole = { ...stages, endToEnd: { objective: 'answers', train: 'both', queryReasoner: 'compressor' } };
  await makeRun(runs, { ...clara, settings: whole, ratio: 32 });
  await makeRun(runs, { ...clara, settings: whole, ratio: 8 });
  await makeRun(runs, { ...clara, settings: { ...whole, endToEnd: { train: 'generator' } }, ratio: 32 });
  own = await match(runs, 'clara');
});

const of = (label: RegExp, metric: string): PaperComparison[] =>
  own.comparisons.filter(({ row, score }) => label.test(row.label) && score.metric === metric);
const brief = ({ published, isCovered }: PaperComparison): unknown => [
  published.table.id,
  published.setting,
  published.value,
  isCovered,
];

test('figures stand beside those of the same system, setting, ratio and metric, covered by the interval or not', () => {
  assert.deepEqual(of(/^no-context/, 'cover-exact-match-bag').map(brief), [['compression', 'normal', 27.55, true]]);
  assert.deepEqual(of(/^text \(oracle-5/, 'cover-exact-match-bag').map(brief), [
    ['compression', 'oracle', 70.77, true],
  ]);
  assert.deepEqual(of(/^text \(docs 5/, 'cover-exact-match-bag').map(brief), [['compression', 'normal', 42.94, false]]);
  const [clara] = of(/^clara .*32×/, 'exact-match');
  // 8 of 12 right, one passage a question, which is gold: the oracle setting.
  assert.deepEqual(brief(clara!), ['end-to-end', 'oracle', 57.07, true]);
  assert.ok(Math.abs(clara!.difference - (8 / 12 - 0.5707)) < 1e-12);
  assert.deepEqual(
    of(/^clara .*32×/, 'f1').map(({ published }) => [published.variant, published.value]),
    [
      [null, 70.91],
      ['query reasoner frozen', 52.54],
    ],
  );
  assert.deepEqual(of(/^clara/, 'recall@1').map(brief), [['reranking', 'oracle', 43.84, false]]);
  assert.equal(own.comparisons.length, 3 + 5 + 1);
});

test('what has no counterpart is told with the reason', () => {
  assert.deepEqual(
    own.unmatched.map(({ row, reason }) => [row.manifest.system.id, row.manifest.ratio, reason]).sort(),
    [
      ['clara', 8, 'the paper has the system at the ratios 4, 16, 32, 64, 128, 256'],
      ['text-lora', null, 'the paper has no such system, or none with these settings'],
    ],
  );
});

test('settings that differ are named with both values', async () => {
  const [clara] = of(/^clara .*32×/, 'exact-match');
  assert.deepEqual(clara!.differs, [
    { what: 'test questions, hotpotqa', here: '12 of hotpotqa (dev)', there: '7,384' },
    { what: 'candidates', here: '1', there: '20' },
    { what: 'documents that the generator is given (k)', here: '3', there: '5' },
    {
      what: 'training',
      here: 'pretraining: 50 steps of 8, 300 items of data; end-to-end: 20 steps of 4, 300 items of data',
      there: 'pretraining: one epoch of 2,000,000 passages; end-to-end: one epoch of 90,185 questions',
    },
  ]);
  const runs = path.join(folder, 'others');
  const settings = { docs: 5 };
  const examples = plainExamples().map((example, at) => (at === 0 ? { ...example, pos_index: [] } : example));
  await makeRun(runs, {
    system: 'bm25',
    benchmark: 'nq-open',
    examples,
    answer: () => '',
    ranking: [0],
    manifest: { model: null },
  });
  await makeRun(runs, { system: 'text', benchmark: 'nq-open', examples, settings, answer: right(6) });
  await makeRun(runs, { system: 'xrag', benchmark: '2wikimultihopqa', settings, ratio: 180, answer: right(6) });
  const { comparisons, unmatched } = await match(runs, 'clara-bench');
  const differs = comparisons.map(({ published, differs }) => [
    published.system,
    ...differs.map(({ what, here, there }) => [what, here, there].join(' | ')),
  ]);
  assert.deepEqual(differs, [
    [
      'xRAG',
      'backbone | tiny | not noted',
      'nominal ratio | 180× | 128×',
      'metric cover exact match | preset clara-bench, the best over gold answer and aliases (12 of 12 questions have some) | preset clara, the first gold answer',
      'test questions, 2wiki | 12 of 2wikimultihopqa (dev) | 12,576',
      'training | none | as its authors released it, or not noted',
    ],
    [
      'text',
      'backbone | tiny | mistral-7b-instruct-v0.2',
      'metric cover exact match | preset clara-bench, the best over gold answer and aliases (12 of 12 questions have some) | preset clara, the first gold answer',
      'test questions, nq | 12 of nq-open (dev) | 6,489',
    ],
  ]);
  // A question without a gold passage makes it the normal setting, in which the paper ranks nothing.
  assert.deepEqual(
    unmatched.map(({ reason }) => reason),
    ['the paper has no figures of the system in the normal setting of nq'],
  );
});

test('the section shows both figures, and what differs', () => {
  const { blocks } = paperSection(own);
  const tables = blocks.flatMap((block) => (block.kind === 'table' ? [block] : []));
  assert.deepEqual(
    tables.map(({ name }) => name),
    [
      'paper-compression',
      'paper-end-to-end',
      'paper-reranking',
      'paper-frozen-query-reasoner',
      'paper-settings',
      'paper-unmatched',
      'paper-published',
    ],
  );
  const texts = tables[0]!.rows.map((row) => row.map(({ text }) => text).join(' | '));
  const shown =
    / \| hotpotqa \| normal \| – \| – \| 12 \| 100\.0 \[75\.8, 100\.0\] \| 42\.94 \| \+57\.1 \| no \| text, Mistral-7B \| (\d+)$/;
  assert.equal(texts.filter((text) => text.startsWith('text (docs 5') && shown.test(text)).length, 1, texts.join('\n'));
  const number = shown.exec(texts.find((text) => shown.test(text))!)![1]!;
  const [settings] = tables.filter(({ name }) => name === 'paper-settings');
  assert.deepEqual(
    settings!.rows[Number(number) - 1]!.map(({ text }) => text),
    [number, 'test questions, hotpotqa', '12 of hotpotqa (dev)', '7,384', 'all'],
  );
  const published = tables.at(-1)!.rows.find(([table]) => table!.text.startsWith('Compression systems'))!;
  assert.deepEqual(
    published.slice(5).map(({ text }) => text),
    ['42', '42', '42', '42', '42'],
  );
});

test('a report of other benchmarks alone says that the paper has no figures for them', async () => {
  const runs = path.join(folder, 'atlas');
  await makeRun(runs, { system: 'text', benchmark: 'atlas', settings: { docs: 'all' }, answer: right(6) });
  const { blocks } = paperSection(await match(runs, 'clara-bench'));
  assert.equal(blocks[0]!.kind, 'paragraph');
  assert.match(
    (blocks[0] as { text: string }).text,
    /^No figure of this report has a published counterpart: the paper has no figures for atlas, only for NQ, HotpotQA, MuSiQue, 2Wiki\./,
  );
  assert.deepEqual(
    blocks.flatMap((block) => (block.kind === 'table' ? [block.name] : [])),
    ['paper-unmatched', 'paper-published'],
  );
});

test('benchmarks go by many names, and none by a part of another', () => {
  const named = (...ids: string[]): unknown[] => ids.map(paperBenchmark);
  assert.deepEqual(named('nq', 'nq-open', 'natural_questions', 'NaturalQuestions'), ['nq', 'nq', 'nq', 'nq']);
  assert.deepEqual(named('hotpotqa', 'HotpotQA distractor', 'clara-hotpot'), ['hotpotqa', 'hotpotqa', 'hotpotqa']);
  assert.deepEqual(named('2wiki', '2wikimultihopqa', '2WikiMultihopQA-dev', 'musique'), [
    '2wiki',
    '2wiki',
    '2wiki',
    'musique',
  ]);
  assert.deepEqual(named('atlas', 'squad', 'wiki', 'inquiry', 'hotpotato'), Array(5).fill(undefined));
});

test('stages and settings say which system of the paper a run is', () => {
  const of = (id: string, settings: object): unknown => {
    const found = counterpartOf({ system: { id, description: '', module: null }, settings } as never);
    return found && [found.system, found.start, found.variant];
  };
  const [pretraining, instruction] = [{}, {}];
  assert.deepEqual(of('clara', { pretraining, instruction, endToEnd: null }), ['SCP', null, null]);
  assert.deepEqual(of('clara', { pretraining: null, instruction, endToEnd: null }), ['SCP', null, 'no pretraining']);
  assert.equal(of('clara', { pretraining, instruction: null, endToEnd: null }), undefined);
  assert.deepEqual(of('clara', { pretraining, instruction, endToEnd: {} }), ['CLaRa', 'instruction', null]);
  const gold = { objective: 'gold' };
  assert.deepEqual(of('query-reasoner', { pretraining, endToEnd: gold }), ['supervised ranker', 'pretraining', null]);
  const two = { train: 'generator', queryReasoner: 'random' };
  assert.equal(of('clara', { pretraining, endToEnd: two }), undefined);
  assert.equal(of('mean-pool', { instruction }), undefined);
});
