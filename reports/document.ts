import type { Picture } from './charts/render-chart.ts';

/** One cell: plain text (each output format escapes it), and whether it says that something failed, or that an answer is right or wrong. */
export interface Cell {
  readonly text: string;
  readonly mark?: 'failed' | 'right' | 'wrong';
  /** The best of its column among the rows that it is compared with, or not different from the best by the paired test. */
  readonly rank?: 'best' | 'tied';
  /** What the text says, in full precision and in the unit of the text: for CSV. */
  readonly value?: number;
  /** Ends of the 95 % interval, in the same unit. */
  readonly low?: number;
  readonly high?: number;
  /** Questions that the value is of, where the table has no column for it. */
  readonly n?: number;
}

/** A column: numbers stand at the right. */
export interface Column {
  readonly label: string;
  readonly numeric?: boolean;
  /** The benchmark that the column is of, where it is of one alone. */
  readonly benchmark?: string;
}

/** What a row can be chosen by; a part that is not there does not decide. */
export interface Facets {
  readonly benchmark?: string;
  /** Nominal ratio, as in tables. */
  readonly ratio?: string;
  /** The setting `docs`: which documents the system is given. */
  readonly documents?: string;
}

/** A table with its caption above and its notes below. The first column names the row. */
export interface Table {
  readonly kind: 'table';
  /** File name of its CSV and its LaTeX without ending: made by `tableName`, and numbered where the report has the same name twice. */
  readonly name: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** What each row can be chosen by, in the order of the rows. */
  readonly facets?: readonly (Facets | undefined)[];
  readonly notes?: readonly string[];
}

/** A piece of a report. Texts are plain: whatever stands in them is shown as it is. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly { readonly term: string; readonly text: string }[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'pictures'; readonly pictures: readonly Picture[] }
  | Table;

/** A heading and what stands under it. */
export interface Section {
  readonly heading: string;
  /** Details: on the page they are there when they are asked for. */
  readonly folded?: boolean;
  readonly blocks: readonly Block[];
}

/** A report, independent of how it is written down: the Markdown and the HTML page say the same. */
export interface ReportDocument {
  readonly title: string;
  readonly summary: string;
  readonly sections: readonly Section[];
}
