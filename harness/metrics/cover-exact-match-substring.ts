import type { AnswerComparison } from './answer-comparison.ts';
import type { Metric } from './metric.ts';

/** Cover exact match as BERGEN (`M`) and FlashRAG (`acc`) have it: 1 where the normalised gold is a part of the normalised prediction, also inside a word ("art" in "party"). */
export function coverExactMatchSubstring(answers: AnswerComparison): Metric {
  return {
    id: 'cover-exact-match-substring',
    description: 'the normalised gold answer is a substring of the normalised prediction',
    unit: 'share',
    binary: true,
    ofAnswer: true,
    score: ({ prediction }, { answers: golds }) =>
      answers.score(prediction, golds, (a, b) => (a.text.includes(b.text) ? 1 : 0)),
  };
}
