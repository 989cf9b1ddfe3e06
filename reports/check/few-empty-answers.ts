import type { Metric } from '../../harness/metrics/metric.ts';
import type { CheckedRun } from './checked-run.ts';
import type { Findings } from './findings.ts';

/** A larger share of empty answers is a fault of the program or of the prompt. */
const MOST = 0.01;

/** 1 where nothing was answered: what the check below counts. */
export const emptyAnswer: Metric = {
  id: 'empty-answer',
  description: 'the prediction is empty or white space',
  unit: 'share',
  binary: true,
  ofAnswer: true,
  score: ({ prediction }) => (prediction.trim() === '' ? 1 : 0),
};

/** At most one answer in a hundred is empty. */
export function fewEmptyAnswers({ name, questions }: CheckedRun, findings: Findings): void {
  const answers = questions.of(emptyAnswer.id).filter((value) => !Number.isNaN(value));
  const empty = answers.reduce((sum, value) => sum + value, 0);
  findings.look('answers', answers.length);
  if (empty > MOST * answers.length) {
    const share = ((100 * empty) / answers.length).toFixed(1);
    findings.fail(
      `${name}: expected at most ${100 * MOST} % empty answers, got ${empty} of ${answers.length} (${share} %)`,
    );
  }
}
