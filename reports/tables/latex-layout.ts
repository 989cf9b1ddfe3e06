import type { Table } from '../document.ts';
import { wrapWords } from './wrap-words.ts';

/** How a table is set so that it stays legible. */
export interface LatexLayout {
  /** Across a page that is turned, where it is too wide for one that is not. */
  readonly landscape: boolean;
  /** Over several pages, each with the head. */
  readonly long: boolean;
  readonly size: (typeof SIZES)[number]['name'];
  readonly columns: readonly ColumnLayout[];
}

/** How one column is set. */
export interface ColumnLayout {
  /** Characters of a line of its head. */
  readonly head: number;
  /** The share of the line that its texts are broken within; undefined where they are not broken. */
  readonly share: number | undefined;
}

/** Sizes of type, with the width of a digit in points. */
const SIZES = [
  { name: 'small', digit: 4.65 },
  { name: 'footnotesize', digit: 4.25 },
  { name: 'scriptsize', digit: 4 },
] as const;
/** The pages of LaTeX's article class, upright and turned: points of a line, sizes of type that are tried, and lines of a table. */
const PAGES = [
  { landscape: false, width: 400, sizes: SIZES.slice(0, 2), lines: 36 },
  { landscape: true, width: 550, sizes: SIZES, lines: 0 },
];
/** Points between two columns: twice \tabcolsep. */
const GAP = 8;
/** Characters over which a text is broken, and the lines that it is broken into at most, where that takes a column no wider than `WIDEST`. */
const [BREAK_ABOVE, LINES, WIDEST] = [26, 8, 60];
/** The characters of a line that a broken text has room for in any case, and beyond which it gets no more. */
const [LEAST, MOST] = [16, 120];
/** Characters of a head's line that cost nothing. */
const SHORT_HEAD = 7;

interface Measured {
  readonly head: number;
  /** Characters of the widest line, as it stands. */
  readonly width: number;
  /** And of the narrowest column for it. */
  readonly least: number;
  readonly isBroken: boolean;
}

/** Chooses a table's layout from the lengths of its texts: the largest type with which it fits, upright where it does. */
export function latexLayout(table: Table): LatexLayout {
  const columns = table.columns.map((_, at) => measure(table, at));
  const fitting = PAGES.flatMap((page) =>
    page.sizes.filter(({ digit }) => leastWidth(columns, digit) <= page.width).map((size) => ({ page, size })),
  );
  const { page, size } = fitting[0] ?? { page: PAGES.at(-1)!, size: SIZES.at(-1)! };
  const free = Math.max(0, page.width - leastWidth(columns, size.digit)) / size.digit;
  const wanted = columns.map(({ isBroken, width, least }) => (isBroken ? Math.min(width, MOST) - least : 0));
  const all = wanted.reduce((sum, more) => sum + more, 0);
  const characters = wanted.map((more, at) => columns[at]!.least + (all > 0 ? Math.min(1, free / all) * more : 0));
  const lines = table.rows.map((row) =>
    Math.max(...row.map(({ text }, at) => (columns[at]!.isBroken ? Math.ceil(text.length / characters[at]!) : 1))),
  );
  return {
    landscape: page.landscape,
    long: lines.reduce((sum, more) => sum + more, 0) > page.lines,
    size: size.name,
    columns: columns.map(({ head, isBroken }, at) => ({
      head,
      share: isBroken ? (characters[at]! * size.digit) / page.width : undefined,
    })),
  };
}

/** The table in as many parts as it takes for each to fit a turned page: its columns one after the other, behind the first, which names the rows. */
export function splitWide(table: Table): Table[] {
  const digit = SIZES.at(-1)!.digit;
  const columns = table.columns.map((_, at) => measure(table, at));
  const parts: number[][] = [[]];
  for (let at = 1; at < columns.length; at++) {
    const part = [...parts.at(-1)!, at];
    const isFull =
      leastWidth(
        [0, ...part].map((at) => columns[at]!),
        digit,
      ) > PAGES.at(-1)!.width;
    if (isFull && part.length > 1) parts.push([at]);
    else parts[parts.length - 1] = part;
  }
  if (parts.length === 1) return [table];
  return parts.map((part, number) => ({
    ...table,
    name: number === 0 ? table.name : `${table.name}-part-${number + 1}`,
    caption: `${table.caption} (part ${number + 1} of ${parts.length})`,
    columns: [0, ...part].map((at) => table.columns[at]!),
    rows: table.rows.map((row) => [0, ...part].map((at) => row[at]!)),
    notes: number === parts.length - 1 ? table.notes : [],
  }));
}

function measure({ columns, rows }: Table, at: number): Measured {
  const { label, numeric } = columns[at]!;
  const length = Math.max(1, ...rows.map((row) => [...row[at]!.text].length));
  const head = Math.max(SHORT_HEAD, Math.min(length, BREAK_ABOVE), ...label.split(' ').map(({ length }) => length));
  const isBroken = !numeric && length > BREAK_ABOVE;
  const labelWidth = Math.max(...wrapWords(label, head).map(({ length }) => length));
  const width = isBroken ? length : Math.max(length, labelWidth);
  return { head, isBroken, width, least: isBroken ? Math.max(LEAST, Math.min(WIDEST, length / LINES)) : width };
}

/** In points, for a digit of that width, with as little room for broken texts as they may have. */
function leastWidth(columns: readonly Measured[], digit: number): number {
  return columns.reduce((sum, { least }) => sum + least * digit + GAP, 0);
}
