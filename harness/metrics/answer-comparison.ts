import { normaliseAnswer, type NormalisedAnswer, type WordBoundary } from './normalise.ts';

/** In what codebases differ when they compare a prediction with gold answers. */
export interface AnswerRules {
  /** `best`: the highest score over the gold answer and its aliases; `first`: the gold answer alone. */
  readonly golds: 'best' | 'first';
  /** Whether exactly `True` and `False` mean yes and no. */
  readonly mapBooleans: boolean;
  /** Whether F1 is 0 where one side is yes, no or noanswer and the other is not the same. */
  readonly yesNoRule: boolean;
  readonly boundary: WordBoundary;
}

type PairScore = (prediction: NormalisedAnswer, gold: NormalisedAnswer) => number;

/**
 * Compares predictions with gold answers under one set of rules. The metrics of a preset share one: as they are computed one after another for the same
 * question, the normalised texts of the last question are kept.
 */
export class AnswerComparison {
  readonly rules: AnswerRules;
  #predictionText: string | undefined;
  #prediction: NormalisedAnswer = { text: '', words: [] };
  #answers: readonly string[] | undefined;
  #golds: readonly NormalisedAnswer[] = [];

  constructor(rules: AnswerRules) {
    this.rules = rules;
  }

  /** The best (or the first gold's) value of a score in [0, 1]. */
  score(prediction: string, answers: readonly string[], pair: PairScore): number {
    if (prediction !== this.#predictionText) {
      this.#predictionText = prediction;
      this.#prediction = this.#normalise(prediction);
    }
    if (answers !== this.#answers) {
      this.#answers = answers;
      this.#golds = (this.rules.golds === 'first' ? answers.slice(0, 1) : answers).map((gold) => this.#normalise(gold));
    }
    let best = 0;
    for (const gold of this.#golds) {
      best = Math.max(best, pair(this.#prediction, gold));
      if (best === 1) break;
    }
    return best;
  }

  #normalise(text: string): NormalisedAnswer {
    const mapped =
      this.rules.mapBooleans && text === 'True' ? 'yes' : this.rules.mapBooleans && text === 'False' ? 'no' : text;
    return normaliseAnswer(mapped, this.rules.boundary);
  }
}
