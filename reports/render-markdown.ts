import type { Block, Cell, ReportDocument, Table } from './document.ts';
import { rankedText } from './tables/ranked-text.ts';
import { escapeMarkdown as text } from './text/escape-markdown.ts';

const MARKS: Record<NonNullable<Cell['mark']>, string> = { failed: '', right: '✓ ', wrong: '✗ ' };

/** A report as a Markdown page (GitHub's tables); pictures are read from `charts/` beside it. */
export function renderMarkdown({ title, summary, sections }: ReportDocument): string {
  const parts = [
    `# ${text(title)}`,
    text(summary),
    ...sections.flatMap(({ heading, blocks }) => [`## ${text(heading)}`, ...blocks.map(renderBlock)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return text(block.text);
    case 'list':
      return block.items.map(({ term, text: meaning }) => `- **${text(term)}**: ${text(meaning)}`).join('\n');
    case 'code':
      return fenced(block.text);
    case 'pictures':
      return block.pictures
        .map(({ chart }) => `![${text(`${chart.title}. ${chart.alt}`)}](charts/${encodeURI(chart.name)}.svg)`)
        .join('\n\n');
    case 'table':
      return renderTable(block);
  }
}

function renderTable({ caption, columns, rows, notes = [] }: Table): string {
  return [
    `**${text(caption)}**`,
    [
      line(columns.map(({ label }) => text(label))),
      line(columns.map(({ numeric }) => (numeric ? '---:' : '---'))),
      ...rows.map((row) => line(row.map((cell) => `${cell.mark ? MARKS[cell.mark] : ''}${rankedMarkdown(cell)}`))),
    ].join('\n'),
    ...notes.map((note) => text(note)),
  ].join('\n\n');
}

/** The best value of its column bold, one that does not differ from it underlined (with HTML: Markdown has no sign for it). */
function rankedMarkdown(cell: Cell): string {
  const { marked, rest } = rankedText(cell);
  const behind = rest === '' ? '' : ` ${text(rest)}`;
  if (cell.rank === 'best') return `**${text(marked)}**${behind}`;
  if (cell.rank === 'tied') return `<u>${text(marked)}</u>${behind}`;
  return text(rest);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A code block whose fence is longer than any run of backticks in the text. */
function fenced(code: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${code}\n${fence}`;
}
