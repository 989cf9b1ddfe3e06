import type { AnswerComparison } from './answer-comparison.ts';
import type { Metric } from './metric.ts';

/** Exact match: 1 where prediction and gold are the same after normalisation. */
export function exactMatch(answers: AnswerComparison): Metric {
  return {
    id: 'exact-match',
    description: 'prediction and gold answer are equal after normalisation',
    unit: 'share',
    binary: true,
    ofAnswer: true,
    score: ({ prediction }, { answers: golds }) =>
      answers.score(prediction, golds, (a, b) => (a.text === b.text ? 1 : 0)),
  };
}
