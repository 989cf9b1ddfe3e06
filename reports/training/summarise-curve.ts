import type { Curve } from './read-curve.ts';

/** A training's curve in numbers. Undefined where there is nothing to take them from. */
export interface CurveSummary {
  readonly steps: number;
  /** Means over the first and last tenth of the steps, by the terms' names; `loss` is the first. */
  readonly terms: readonly { readonly name: string; readonly first: number; readonly last: number }[];
  /** The least validation loss and its step. */
  readonly best: { readonly loss: number; readonly step: number } | undefined;
  /** Rows through the decoder a second of the steps' own time, validation and checkpoints aside. */
  readonly tokensPerSecond: number | undefined;
}

const SHARE = 0.1;

/** The numbers of a curve that tables show. */
export function summariseCurve({ steps, validations }: Curve): CurveSummary {
  const count = Math.max(1, Math.round(steps.length * SHARE));
  const names = [...new Set(steps.flatMap(({ terms }) => Object.keys(terms)))];
  const ordered = names.sort((one, other) => Number(other === 'loss') - Number(one === 'loss'));
  const meanOf = (name: string, part: Curve['steps']): number => {
    const values = part.flatMap(({ terms }) => terms[name] ?? []);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const tokens = steps.reduce((sum, step) => sum + step.tokens, 0);
  const seconds = steps.reduce((sum, step) => sum + step.ms, 0) / 1000;
  return {
    steps: steps.at(-1)?.step ?? 0,
    terms: ordered.map((name) => ({
      name,
      first: meanOf(name, steps.slice(0, count)),
      last: meanOf(name, steps.slice(-count)),
    })),
    best: validations.reduce<CurveSummary['best']>((best, { step, validation }) => {
      const loss = validation.loss ?? NaN;
      return best && !(loss < best.loss) ? best : { loss, step };
    }, undefined),
    tokensPerSecond: seconds > 0 ? tokens / seconds : undefined,
  };
}
