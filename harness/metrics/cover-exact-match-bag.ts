import type { AnswerComparison } from './answer-comparison.ts';
import type { Metric } from './metric.ts';

/**
 * Cover exact match as CLaRa has it (`ACC`): 1 where every word of the gold occurs in the prediction, in any order and however often.
 * A gold that normalises to nothing ("The", "%") is covered by every prediction, as in the reference.
 */
export function coverExactMatchBag(answers: AnswerComparison): Metric {
  return {
    id: 'cover-exact-match-bag',
    description: 'every word of the normalised gold answer occurs in the normalised prediction, in any order',
    unit: 'share',
    binary: true,
    ofAnswer: true,
    score: ({ prediction }, { answers: golds }) =>
      answers.score(prediction, golds, (a, b) => (b.words.every((word) => a.words.includes(word)) ? 1 : 0)),
  };
}
