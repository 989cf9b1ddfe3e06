import type { ReportDocument } from '../document.ts';
import { tableCsv } from './table-csv.ts';
import { tableLatex } from './table-latex.ts';

/** Every table of a report as `tables/NAME.csv` and `tables/NAME.tex`. */
export function tableFiles({ sections }: ReportDocument): [string, string][] {
  return sections.flatMap(({ blocks }) =>
    blocks.flatMap((block): [string, string][] =>
      block.kind === 'table'
        ? [
            [`tables/${block.name}.csv`, tableCsv(block)],
            [`tables/${block.name}.tex`, tableLatex(block)],
          ]
        : [],
    ),
  );
}
