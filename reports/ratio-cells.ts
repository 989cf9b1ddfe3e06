import { ratioCell } from './cells.ts';
import type { Cell, Column } from './document.ts';
import type { ReportRow } from './report-row.ts';

/** The columns that every table with ratios has: what a system was set to is not what it does. */
export const ratioColumns: readonly Column[] = [
  { label: 'Nominal ratio', numeric: true },
  { label: 'Measured ratio', numeric: true },
];

/** A row's ratios, nominal and measured; dashes where it has none. */
export function ratioCells({ manifest, measuredRatio }: ReportRow): Cell[] {
  return [{ text: manifest.ratio === null ? '–' : `${manifest.ratio}×` }, ratioCell(measuredRatio)];
}
