import type { Section } from '../../reports/document.ts';
import { findRuns } from '../../reports/find-runs.ts';
import { renderMarkdown } from '../../reports/render-markdown.ts';
import { scoreRuns, type ReportRow } from '../../reports/report-row.ts';
import { rowsOf } from '../../reports/rows-of.ts';

/** The rows of a report of these runs, without the report and its charts. */
export async function reportRows(runs: string): Promise<ReportRow[]> {
  const { runs: found } = await findRuns([runs]);
  return rowsOf(await scoreRuns(found, { preset: 'clara-bench', metrics: [] }));
}

/** A section as its Markdown without escapes; of each table's line that begins with `label` the cells by their columns. */
export function markdownOf(section: Section | undefined): {
  text: string;
  row: (label: string) => Record<string, string>;
} {
  const sections = section ? [section] : [];
  const text = renderMarkdown({ title: '', summary: '', sections }).replaceAll('\\', '');
  const cells = (line: string): string[] =>
    line.split(/(?<!^)\|(?!$)/).map((cell) => cell.replace(/\||\n/g, '').trim());
  const row = (label: string): Record<string, string> => {
    for (const table of text.split(/\n\n/).filter((block) => block.startsWith('|'))) {
      const [head, , ...lines] = table.trim().split('\n').map(cells);
      const found = lines.find(([first]) => first === label);
      if (found) return Object.fromEntries(head!.map((name, at) => [name, found[at]!]));
    }
    throw new Error(`no row ${label} in ${text}`);
  };
  return { text, row };
}
