import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '../../../harness/errors.ts';
import { findPreset, presets } from '../../../harness/metrics/presets.ts';
import type { Prediction } from '../../../harness/prediction.ts';

const NAMES = { em: 'exact-match', f1: 'f1', substring: 'cover-exact-match-substring', bag: 'cover-exact-match-bag' };

function score(
  preset: string,
  metric: string,
  prediction: Partial<Prediction>,
  answers: string[],
  gold: number[] = [],
) {
  const found = findPreset(preset).metrics.find(({ id }) => id === metric);
  assert.ok(found, `${preset} has ${metric}`);
  return found.score({ id: 'q', prediction: '', ...prediction }, { id: 'q', answers, pos_index: gold });
}

// Value by preset; a preset that is not named has not got the metric.
const CASES: readonly [
  what: string,
  metric: keyof typeof NAMES,
  prediction: string,
  answers: string[],
  values: object,
][] = [
  [
    'the best alias or the first answer',
    'em',
    'Salt Hills',
    ['1911', 'Salt Hills'],
    { 'clara-bench': 1, clara: 0, squad: 1, bergen: 1, flashrag: 1 },
  ],
  ['True means yes to CLaRa', 'em', 'True', ['yes'], { 'clara-bench': 1, clara: 1, squad: 0, bergen: 0, flashrag: 0 }],
  ['true does not', 'em', 'true', ['yes'], { 'clara-bench': 0, clara: 0, squad: 0, bergen: 0, flashrag: 0 }],
  ['the yes/no rule', 'f1', 'yes it is', ['yes'], { 'clara-bench': 0, clara: 0, squad: 0.5, bergen: 0.5, flashrag: 0 }],
  ['both empty', 'f1', 'The', ['a'], { 'clara-bench': 0, clara: 0, squad: 0, bergen: 0, flashrag: 0 }],
  ['both empty', 'em', 'The', ['a'], { 'clara-bench': 1, clara: 1, squad: 1, bergen: 1, flashrag: 1 }],
  [
    'words shared as often as both have them',
    'f1',
    'new new york',
    ['New York New Jersey'],
    { 'clara-bench': 6 / 7, clara: 6 / 7, squad: 6 / 7, bergen: 6 / 7, flashrag: 6 / 7 },
  ],
  ['part of a word', 'substring', 'the party', ['art'], { 'clara-bench': 1, bergen: 1, flashrag: 1 }],
  ['part of a word', 'bag', 'the party', ['art'], { 'clara-bench': 0, clara: 0 }],
  ['other order', 'substring', 'Hills of Salt', ['Salt Hills'], { 'clara-bench': 0, bergen: 0, flashrag: 0 }],
  ['other order', 'bag', 'Hills of Salt', ['Salt Hills Salt'], { 'clara-bench': 1, clara: 1 }],
  ['an empty gold is covered by all', 'bag', 'x', ['The'], { 'clara-bench': 1, clara: 1 }],
  [
    'word ends of the regex module',
    'em',
    'a\u0301',
    ['\u0301'],
    { 'clara-bench': 1, clara: 1, squad: 1, bergen: 0, flashrag: 1 },
  ],
];

test('the presets differ where the codebases do', () => {
  for (const [what, metric, prediction, answers, values] of CASES) {
    for (const [preset, value] of Object.entries(values)) {
      assert.equal(score(preset, NAMES[metric], { prediction }, answers), value, `${what}: ${preset} ${metric}`);
    }
  }
});

test('recall and precision by hand', () => {
  const ranking = [4, 7, 7, 2, 9];
  const value = (metric: string, preset = 'clara-bench', gold = [2, 7, 8]) =>
    score(preset, metric, { ranking }, ['x'], gold);
  assert.equal(value('recall@1'), 0);
  assert.equal(value('recall@3'), 1 / 3);
  assert.equal(value('recall@5'), 2 / 3);
  assert.equal(value('precision@5'), 2 / 5);
  assert.equal(value('recall-ceiling@1'), 1 / 3);
  assert.equal(value('recall-ceiling@5'), 1);
  assert.equal(value('mrr'), 1 / 2);
  assert.equal(value('mrr', 'clara-bench', [8]), 0);
  const gain = (rank: number) => 1 / Math.log2(rank + 1);
  assert.equal(value('ndcg@5'), (gain(2) + gain(4)) / (gain(1) + gain(2) + gain(3)));
  assert.equal(value('ndcg@10', 'clara-bench', [4]), 1);
});

test('a question without gold passages is left out, or 0 to CLaRa; without a ranking there is nothing to score', () => {
  for (const metric of ['recall@1', 'recall@3', 'precision@5']) {
    assert.equal(score('clara-bench', metric, { ranking: [0] }, ['x']), null);
    assert.equal(score('clara', metric, { ranking: [0] }, ['x']), 0);
    assert.equal(score('clara', metric, {}, ['x'], [0]), null);
  }
  for (const metric of ['mrr', 'ndcg@5', 'recall-ceiling@1'])
    assert.equal(score('clara', metric, { ranking: [0] }, ['x']), null);
});

test('costs are null where they are not known', () => {
  const tokens = { source: 640, vectors: 40 };
  assert.equal(score('squad', 'tokens-source', { tokens }, ['x']), 640);
  assert.equal(score('squad', 'tokens-prompt', { tokens }, ['x']), null);
  assert.equal(score('squad', 'compression-ratio', { tokens }, ['x']), 16);
  assert.equal(score('squad', 'compression-ratio', { tokens: { source: 0, vectors: 0 } }, ['x']), null);
  assert.equal(score('squad', 'ms-total', { ms: { prefill: 30, decode: 12 } }, ['x']), 42);
  assert.equal(score('squad', 'ms-total', {}, ['x']), null);
});

test('an unknown preset is an input error that says what there is', () => {
  assert.throws(
    () => findPreset('sqaud'),
    (error) => error instanceof InputError && /got "sqaud"; did you mean squad\?/.test(error.message),
  );
  for (const { id, metrics } of presets)
    assert.equal(new Set(metrics.map((metric) => metric.id)).size, metrics.length, id);
});
