import type { Table } from '../document.ts';

/** How a table is set so that it stays legible. */
export interface LatexLayout {
  /** Across a page that is turned, where it is too wide for one that is not. */
  readonly landscape: boolean;
  /** Over several pages, each with the head. */
  readonly long: boolean;
  readonly size: (typeof SIZES)[number]['name'];
  /** For each column: characters of a line of its head, and the share of the line that its text is broken within (undefined where it is not broken). */
  readonly columns: readonly { readonly head: number; readonly share: number | undefined }[];
}

/** Sizes of type, with the width of a usual character in points. */
const SIZES = [
  { name: 'small', width: 4.5 },
  { name: 'footnotesize', width: 4.1 },
  { name: 'scriptsize', width: 3.6 },
] as const;
/** Of LaTeX's article class with usual margins, in points, and the lines of a table that such a page holds. */
const PORTRAIT = { width: 400, lines: 36, smallest: 1 };
const LANDSCAPE = { width: 560, lines: 22, smallest: 2 };
/** Between two columns: twice \tabcolsep. */
const GAP = 8;
/** Characters over which a text is broken, and beyond which it gets no more room. */
const [BREAK_ABOVE, MOST] = [26, 120];
/** Characters of a head's line that cost nothing. */
const SHORT_HEAD = 8;

/** Chooses a table's layout from the lengths of its texts: the largest type with which it fits, upright where it does. */
export function latexLayout({ columns, rows }: Table): LatexLayout {
  const lengths = columns.map((_, at) => Math.max(1, ...rows.map((row) => [...row[at]!.text].length)));
  const heads = columns.map(({ label }, at) => {
    const longest = Math.max(...label.split(' ').map(({ length }) => length));
    return Math.max(longest, Math.min(lengths[at]!, BREAK_ABOVE), SHORT_HEAD);
  });
  const isBroken = columns.map(({ numeric }, at) => !numeric && lengths[at]! > BREAK_ABOVE);
  const plain = sum(columns.map((_, at) => (isBroken[at] ? 0 : Math.max(lengths[at]!, labelWidth(at)))));
  const wanted = lengths.map((length, at) => (isBroken[at] ? Math.min(length, MOST) : 0));
  /** A broken text has at least this much of a line. */
  const least = BREAK_ABOVE * isBroken.filter(Boolean).length;
  const widthAt = (character: number): number => (plain + least) * character + GAP * columns.length;
  const fitting = [PORTRAIT, LANDSCAPE].flatMap((page) =>
    SIZES.slice(0, page.smallest + 1)
      .filter(({ width }) => widthAt(width) <= page.width)
      .map((size) => ({ page, size })),
  );
  const { page, size } = fitting[0] ?? { page: LANDSCAPE, size: SIZES.at(-1)! };
  const free = Math.max(page.width - plain * size.width - GAP * columns.length, least * size.width);
  const shares = wanted.map(
    (characters) => (Math.min(free, sum(wanted) * size.width) * characters) / sum(wanted) / page.width,
  );
  const lines = rows.map((row) =>
    Math.max(
      1,
      ...row
        .map(({ text }, at) => (isBroken[at] ? (text.length * size.width) / (shares[at]! * page.width) : 1))
        .map(Math.ceil),
    ),
  );
  return {
    landscape: page === LANDSCAPE,
    long: page === LANDSCAPE || sum(lines) > page.lines,
    size: size.name,
    columns: columns.map((_, at) => ({ head: heads[at]!, share: isBroken[at] ? shares[at] : undefined })),
  };

  function labelWidth(at: number): number {
    return Math.max(...wrapWords(columns[at]!.label, heads[at]!).map(({ length }) => length));
  }
}

/** A text in lines of at most so many characters, broken at spaces. */
export function wrapWords(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
