import type { AnswerComparison } from './answer-comparison.ts';
import type { Metric } from './metric.ts';
import type { NormalisedAnswer } from './normalise.ts';

const CLOSED_ANSWERS = new Set(['yes', 'no', 'noanswer']);

/** F1 of the words that prediction and gold share, each as often as both have it (SQuAD v1.1); 0 where they share none, also where both are empty. */
export function f1(answers: AnswerComparison): Metric {
  const { yesNoRule } = answers.rules;
  return {
    id: 'f1',
    description: `harmonic mean of precision and recall over the bag of normalised words${yesNoRule ? '; 0 where only one side is yes, no or noanswer' : ''}`,
    unit: 'share',
    binary: false,
    ofAnswer: true,
    score: ({ prediction }, { answers: golds }) =>
      answers.score(prediction, golds, (a, b) =>
        yesNoRule && a.text !== b.text && (CLOSED_ANSWERS.has(a.text) || CLOSED_ANSWERS.has(b.text)) ? 0 : wordF1(a, b),
      ),
  };
}

function wordF1(prediction: NormalisedAnswer, gold: NormalisedAnswer): number {
  const common = commonWords(prediction.words, gold.words);
  if (common === 0) return 0;
  // The operations in Python's order, for the same last digit.
  const precision = common / prediction.words.length;
  const recall = common / gold.words.length;
  return (2 * precision * recall) / (precision + recall);
}

function commonWords(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of b) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of a) {
    const times = left.get(word);
    if (!times) continue;
    left.set(word, times - 1);
    common++;
  }
  return common;
}
