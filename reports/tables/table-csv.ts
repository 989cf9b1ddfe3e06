import papaparse from 'papaparse';
import { csvOptions } from '../csv-options.ts';
import type { Cell, Table } from '../document.ts';

type Field = (cell: Cell) => string | number | null;

/** What a column may carry beside its values, by what is put behind its label. */
const BESIDE = ['low', 'high', 'n', 'rank'] as const;

/**
 * A table as CSV. A column of numbers has them in full precision, in the unit of its label; behind it stand its intervals' ends, questions and ranks (`Exact match, % low`), where it
 * has any. Cells without a number keep their text, but for the dash, which is empty.
 */
export function tableCsv({ columns, rows }: Table): string {
  const fields = columns.flatMap(({ label }, at): { name: string; at: number; of: Field }[] => {
    const cells = rows.map((row) => row[at]!);
    const beside = BESIDE.filter((key) => cells.some((cell) => cell[key] !== undefined));
    return [
      { name: label, at, of: ({ text, value }) => value ?? (text === '–' ? '' : text) },
      ...beside.map((key) => ({ name: `${label} ${key}`, at, of: (cell: Cell) => cell[key] ?? null })),
    ];
  });
  const data = rows.map((row) => fields.map(({ at, of }) => of(row[at]!)));
  return `${papaparse.unparse({ fields: fields.map(({ name }) => name), data }, csvOptions)}\n`;
}
