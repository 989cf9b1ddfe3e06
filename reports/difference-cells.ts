import { percent } from './cells.ts';
import type { Cell } from './document.ts';
import type { MeanDifference } from './paired-differences.ts';

/** A p with four decimals. */
export function probabilityCell(p: number): Cell {
  return { text: p < 0.0001 ? '< 0.0001' : p.toFixed(4), value: p };
}

/** A difference of shares in percentage points, always with its sign, and its interval. */
export function differenceCell({ mean, interval }: MeanDifference): Cell {
  if (!interval) return { text: points(mean), value: 100 * mean };
  const { low, high } = interval;
  return {
    text: `${points(mean)} [${points(low)}, ${points(high)}]`,
    value: 100 * mean,
    low: 100 * low,
    high: 100 * high,
  };
}

function points(difference: number): string {
  return signed(difference, percent(Math.abs(difference)));
}

/** A number's text with its sign, none where it is shown as nothing. */
export function signed(value: number, text: string): string {
  const size = text.replace('-', '');
  return Number(size) === 0 ? size : `${value < 0 ? '−' : '+'}${size}`;
}
