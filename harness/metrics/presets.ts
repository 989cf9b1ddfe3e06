import { InputError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { AnswerComparison, type AnswerRules } from './answer-comparison.ts';
import { compressionRatio } from './compression-ratio.ts';
import { coverExactMatchBag } from './cover-exact-match-bag.ts';
import { coverExactMatchSubstring } from './cover-exact-match-substring.ts';
import { exactMatch } from './exact-match.ts';
import { f1 } from './f1.ts';
import type { WithoutGold } from './hits.ts';
import type { Metric } from './metric.ts';
import { milliseconds, millisecondsTotal } from './milliseconds.ts';
import { ndcgAt } from './ndcg.ts';
import { outputWords } from './output-words.ts';
import { precisionAt } from './precision.ts';
import { recallCeilingAt } from './recall-ceiling.ts';
import { recallAt } from './recall.ts';
import { reciprocalRank } from './reciprocal-rank.ts';
import { tokens } from './tokens.ts';
import { vectorsPerDocument } from './vectors-per-document.ts';

/** A set of metrics with one codebase's definitions. Numbers of different presets are not comparable, though the names are the same. */
export interface Preset {
  readonly id: string;
  readonly description: string;
  readonly metrics: readonly Metric[];
}

const CUTS = [1, 3, 5];

const retrieval = (withoutGold: WithoutGold): Metric[] =>
  CUTS.flatMap((k) => [recallAt(k, withoutGold), recallCeilingAt(k), precisionAt(k, withoutGold)]);

/** What the codebases do not differ in: costs, and ranking metrics that have one common definition. */
const common: readonly Metric[] = [
  reciprocalRank,
  ndcgAt(5),
  ndcgAt(10),
  outputWords,
  tokens('source'),
  tokens('vectors'),
  tokens('prompt'),
  tokens('output'),
  tokens('truncated'),
  compressionRatio,
  vectorsPerDocument,
  milliseconds('compress'),
  milliseconds('rank'),
  milliseconds('prefill'),
  milliseconds('decode'),
  millisecondsTotal,
];

function preset(
  id: string,
  description: string,
  rules: AnswerRules,
  covers: readonly ((answers: AnswerComparison) => Metric)[],
  withoutGold: WithoutGold,
): Preset {
  const answers = new AnswerComparison(rules);
  const match = [exactMatch, f1, ...covers].map((metric) => metric(answers));
  return { id, description, metrics: [...match, ...retrieval(withoutGold), ...common] };
}

/** The presets, the default one first. Each description says in what its definitions differ from the others'. */
export const presets: readonly Preset[] = [
  preset(
    'clara-bench',
    'best over the gold answer and its aliases, by the definitions of CLaRa (True and False as yes and no, yes/no rule in F1); both cover exact matches; questions without gold passages are left out of recall and precision',
    { golds: 'best', mapBooleans: true, yesNoRule: true, boundary: 're' },
    [coverExactMatchSubstring, coverExactMatchBag],
    'skip',
  ),
  preset(
    'clara',
    'apple/ml-clara evaluation/evaluate.py: the first gold answer alone, cover exact match as a bag of words, questions without gold passages count as 0 in recall and precision',
    { golds: 'first', mapBooleans: true, yesNoRule: true, boundary: 're' },
    [coverExactMatchBag],
    'zero',
  ),
  preset(
    'squad',
    'SQuAD v1.1 evaluate script: best over the gold answers, no rule for yes and no; F1 of two empty answers is 0',
    { golds: 'best', mapBooleans: false, yesNoRule: false, boundary: 're' },
    [],
    'skip',
  ),
  preset(
    'bergen',
    'naver/bergen modules/metrics.py: best over the gold answers, cover exact match (M) as a substring, no rule for yes and no, word ends as in the regex module',
    { golds: 'best', mapBooleans: false, yesNoRule: false, boundary: 'regex' },
    [coverExactMatchSubstring],
    'skip',
  ),
  preset(
    'flashrag',
    'RUC-NLPIR/FlashRAG evaluator/metrics.py: best over the gold answers, cover exact match (acc) as a substring, yes/no rule in F1',
    { golds: 'best', mapBooleans: false, yesNoRule: true, boundary: 're' },
    [coverExactMatchSubstring],
    'skip',
  ),
];

/** The preset of a name. @throws InputError that names the known ones. */
export function findPreset(id: string): Preset {
  const found = presets.find((candidate) => candidate.id === id);
  if (found) return found;
  const known = presets.map((candidate) => candidate.id);
  const meant = nearest(id, known);
  throw new InputError(
    `preset: expected one of ${known.join(', ')}, got ${JSON.stringify(id)}${meant ? `; did you mean ${meant}?` : ''}`,
  );
}
