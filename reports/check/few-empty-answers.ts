import type { Metric } from '../../harness/metrics/metric.ts';
import type { CheckedRun } from './checked-run.ts';
import type { Findings } from './findings.ts';

/** A larger share of empty answers is a fault of the program or of the prompt. */
const MOST = 0.01;

type Scored = Parameters<Metric['score']>[0];

const isEmpty = ({ prediction }: Scored): number => (prediction.trim() === '' ? 1 : 0);
/** Whether it was answered without documents, as the counts of its tokens say; what has none has read some. */
const isUnread = ({ tokens }: Scored): boolean => tokens?.source === 0;

/** 1 where nothing was answered to a question asked with documents. */
export const emptyAnswer: Metric = {
  id: 'empty-answer',
  description: 'the prediction is empty or white space; of answers from documents',
  unit: 'share',
  binary: true,
  ofAnswer: true,
  score: (prediction) => (isUnread(prediction) ? null : isEmpty(prediction)),
};

/** 1 where nothing was answered to a question asked without documents. */
export const emptyUnread: Metric = {
  id: 'empty-unread',
  description: 'the prediction is empty or white space; of answers without documents',
  unit: 'share',
  binary: true,
  ofAnswer: true,
  score: (prediction) => (isUnread(prediction) ? isEmpty(prediction) : null),
};

/**
 * At most one answer in a hundred is empty. Where a question was asked without documents (no-context), more are a warning: a model that has learnt to answer from documents alone may well have nothing to
 * say then, as nano does, and nothing is as wrong as a guess.
 */
export function fewEmptyAnswers({ name, questions }: CheckedRun, findings: Findings): void {
  const count = (metric: Metric) => {
    const answers = questions.of(metric.id).filter((value) => !Number.isNaN(value));
    const empty = answers.reduce((sum, value) => sum + value, 0);
    findings.look('answers', answers.length);
    return { tooMany: empty > MOST * answers.length, text: `${empty} of ${answers.length} (${((100 * empty) / answers.length).toFixed(1)} %)` }; // prettier-ignore
  };
  const expected = `${name}: expected at most ${100 * MOST} % empty answers, got`;
  const read = count(emptyAnswer);
  if (read.tooMany) findings.fail(`${expected} ${read.text}`);
  const unread = count(emptyUnread);
  if (unread.tooMany)
    findings.warn(`${expected} ${unread.text} where questions were asked without documents: a model that answers from documents may have nothing to say`); // prettier-ignore
}
