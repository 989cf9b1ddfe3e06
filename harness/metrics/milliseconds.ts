import type { Prediction } from '../prediction.ts';
import type { Metric } from './metric.ts';

type Phase = keyof NonNullable<Prediction['ms']>;

const DESCRIPTION: Record<Phase, string> = {
  compress: 'compressing the documents',
  rank: 'ranking the documents',
  prefill: 'reading the prompt',
  decode: 'generating the answer',
};

/** Milliseconds that one phase took for a question (a batch's time divided by its questions). Null where it was not measured. */
export function milliseconds(phase: Phase): Metric {
  return {
    id: `ms-${phase}`,
    description: `milliseconds a question: ${DESCRIPTION[phase]}`,
    unit: 'ms',
    binary: false,
    score: ({ ms }) => ms?.[phase] ?? null,
  };
}

/** Milliseconds of all measured phases of a question together. */
export const millisecondsTotal: Metric = {
  id: 'ms-total',
  description: 'milliseconds a question: all measured phases',
  unit: 'ms',
  binary: false,
  score({ ms }) {
    const measured = Object.values(ms ?? {});
    return measured.length === 0 ? null : measured.reduce((sum, value) => sum + value, 0);
  },
};
