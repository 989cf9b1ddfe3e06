import type { Cell, Column, Table } from '../document.ts';
import { beyondPdfLatex, escapeLatex } from '../text/escape-latex.ts';
import { latexLayout, splitWide, type ColumnLayout, type LatexLayout } from './latex-layout.ts';
import { rankedText } from './ranked-text.ts';
import { wrapWords } from './wrap-words.ts';

const MARKS: Record<NonNullable<Cell['mark']>, string> = {
  failed: '',
  right: '\\ensuremath{\\checkmark} ',
  wrong: '\\ensuremath{\\times} ',
};
const RANKS: Record<NonNullable<Cell['rank']>, string> = { best: '\\textbf', tied: '\\underline' };
/** Characters of a word over which it may be broken: after punctuation, and after so many characters. */
const [LONG_WORD, PIECE] = [20, 16];
/** Characters beyond pdfLaTeX that are named in a file's head. */
const NAMED = 8;

/**
 * A table as a piece of a LaTeX document, by booktabs: caption and label above, notes below, the best value bold and those not different from it underlined. The comment on top says which
 * packages it needs. One that is too long for a page is a longtable, one that is too wide stands across turned pages, in parts where it takes several; texts are broken in columns of their own width.
 */
export function tableLatex(table: Table): string {
  const parts = splitWide(table).map((part) => ({ part, layout: latexLayout(part) }));
  const text = parts.map(({ part, layout }) => `${(layout.long ? longTable : float)(part, layout).join('\n')}\n`);
  return `${requirements(
    text.join(''),
    parts.map(({ layout }) => layout),
  )}${text.join('')}`;
}

/** What floats to where there is room. */
function float(table: Table, layout: LatexLayout): string[] {
  const notes = notesOf(table);
  return [
    '\\begin{table}[htbp]',
    `\\centering\\${layout.size}\\setlength{\\tabcolsep}{4pt}`,
    `\\caption{${escapeLatex(table.caption)}}\\label{tab:${table.name}}`,
    // Made smaller where the document's lines are shorter than the table.
    '\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%',
    `\\begin{tabular}${columnTypes(table, layout)}`,
    '\\toprule',
    headRow(table, layout),
    '\\midrule',
    ...bodyRows(table, layout),
    '\\bottomrule',
    '\\end{tabular}}',
    ...(notes.length > 0
      ? ['\\par\\smallskip\\begin{minipage}{\\linewidth}\\footnotesize', ...notes, '\\end{minipage}']
      : []),
    '\\end{table}',
  ];
}

/** What goes on on the next page. */
function longTable(table: Table, layout: LatexLayout): string[] {
  const notes = notesOf(table);
  const head = headRow(table, layout);
  return [
    ...(layout.landscape ? ['\\begin{landscape}'] : []),
    `\\begingroup\\${layout.size}\\setlength{\\tabcolsep}{4pt}\\setlength{\\LTcapwidth}{\\linewidth}`,
    `\\begin{longtable}${columnTypes(table, layout)}`,
    `\\caption{${escapeLatex(table.caption)}}\\label{tab:${table.name}}\\tabularnewline`,
    ...['\\toprule', head, '\\midrule', '\\endfirsthead'],
    ...['\\toprule', head, '\\midrule', '\\endhead'],
    ...['\\bottomrule', '\\endfoot'],
    ...bodyRows(table, layout),
    '\\end{longtable}',
    ...(notes.length > 0 ? ['\\noindent\\begin{minipage}{\\linewidth}', ...notes, '\\end{minipage}\\par'] : []),
    '\\endgroup',
    ...(layout.landscape ? ['\\end{landscape}'] : []),
  ];
}

function columnTypes({ columns }: Table, layout: LatexLayout): string {
  return `{@{}${columns.map((column, at) => columnType(column, layout.columns[at]!)).join('')}@{}}`;
}

function headRow({ columns }: Table, layout: LatexLayout): string {
  return line(columns.map((column, at) => headCell(column, layout.columns[at]!)));
}

function bodyRows({ rows }: Table, layout: LatexLayout): string[] {
  return rows.map((row) => line(row.map((cell, at) => bodyCell(cell, layout.columns[at]!))));
}

function line(cells: readonly string[]): string {
  return `${cells.join(' & ')} \\tabularnewline`;
}

function notesOf({ notes = [] }: Table): string[] {
  return notes.map((note) => `${breakable(note)}\\par`);
}

/** What a file needs, as comments. */
function requirements(text: string, layouts: readonly LatexLayout[]): string {
  const isLong = layouts.some(({ long }) => long);
  const packages = [
    'booktabs',
    ...(text.includes('\\arraybackslash') ? ['array'] : []),
    ...(isLong ? ['longtable'] : []),
    ...(text.includes('\\resizebox') ? ['graphicx'] : []),
    ...(text.includes('{landscape}') ? ['pdflscape'] : []),
    ...(text.includes('\\checkmark') ? ['amssymb'] : []),
  ];
  const beyond = beyondPdfLatex(text);
  const named = beyond
    .slice(0, NAMED)
    .map((character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
  return [
    `% Needs \\usepackage{${packages.join(',')}}, and \\usepackage[T1]{fontenc} with pdfLaTeX.`,
    ...(isLong
      ? ['% A longtable stands in one column: in a document of two put it between \\onecolumn and \\twocolumn.']
      : []),
    ...(beyond.length > 0
      ? [
          `% Has characters that pdfLaTeX does not know (${named.join(' ')}${beyond.length > NAMED ? ' and others' : ''}): use LuaLaTeX or XeLaTeX with a font that has them.`,
        ]
      : []),
    '',
  ].join('\n');
}

function columnType({ numeric }: Column, { share }: ColumnLayout): string {
  if (share !== undefined) return `>{\\raggedright\\arraybackslash}p{${share.toFixed(3)}\\linewidth}`;
  return numeric ? 'r' : 'l';
}

/** A column's label, broken into lines where it is wider than what stands under it. */
function headCell({ label, numeric }: Column, { head, share }: ColumnLayout): string {
  const lines = share === undefined ? wrapWords(label, head) : [label];
  const escaped = lines.map(escapeLatex);
  if (escaped.length === 1) return escaped[0]!;
  return `\\begin{tabular}[b]{@{}${numeric ? 'r' : 'l'}@{}}${escaped.join('\\tabularnewline ')}\\end{tabular}`;
}

function bodyCell(cell: Cell, { share }: ColumnLayout): string {
  const { marked, rest } = rankedText(cell);
  const shown = share === undefined ? escapeLatex(rest) : breakable(rest);
  const value = marked && cell.rank ? `${RANKS[cell.rank]}{${escapeLatex(marked)}}${rest ? ' ' : ''}` : '';
  return `${cell.mark ? MARKS[cell.mark] : ''}${value}${shown}`;
}

/** A text whose long words can be broken: hashes, paths, settings. */
function breakable(text: string): string {
  return text
    .split(/\s/u)
    .map((word) => (word.length > LONG_WORD ? pieces(word).map(escapeLatex).join('\\allowbreak{}') : escapeLatex(word)))
    .filter(Boolean)
    .join(' ');
}

/** A word in pieces; marks stay with their letter. */
function pieces(word: string): string[] {
  const found = [''];
  for (const [letter] of word.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) {
    const last = found.at(-1)!;
    if (/[,:;/_\-.=]$/u.test(last) || last.length >= PIECE) found.push(letter);
    else found[found.length - 1] = `${last}${letter}`;
  }
  return found;
}
