import type { Example } from '../../datasets/example.ts';
import type { Prediction } from '../prediction.ts';

/** What a metric may read of a question. The passages' texts are left out: no metric needs them, and leaving them unread makes scoring fast. */
export type Question = Pick<Example, 'id' | 'answers' | 'pos_index'>;

/** Units of a metric's values: `share` lies in [0, 1]; `x` is a factor. */
export type MetricUnit = 'share' | 'words' | 'tokens' | 'x' | 'ms' | 'bytes';

/** One way to score an answer, named by its definition. */
export interface Metric {
  readonly id: string;
  /** One line for `--help` and reports: the definition, exactly. */
  readonly description: string;
  readonly unit: MetricUnit;
  /** True where every value is 0 or 1: its mean is a proportion and gets a Wilson interval. */
  readonly binary: boolean;
  /** True where it judges the answer's text: systems that only rank documents give none, and are not scored by it. */
  readonly ofAnswer?: boolean;
  /** The value for one question, or null where the metric does not apply to it (recall without gold passages): left out of the mean, and counted. */
  score(prediction: Prediction, question: Question): number | null;
  /** The question's weight in the mean, where not all weigh the same; called after a value that is not null. */
  weight?(prediction: Prediction): number;
}
