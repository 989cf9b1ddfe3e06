import type { ChartSpec } from '../charts/chart-spec.ts';

/*
 * What the files under data/ hold. They are scripts that hand a value to the page under a name, since a page opened from a folder may not read files:
 * `index` (ReportIndex), and of each benchmark `<folder>/list-<n>` (ListedQuestion[]) and `<folder>/detail-<n>` (QuestionDetail[]), of consecutive questions.
 */

/** A benchmark's questions. */
export interface BenchmarkIndex {
  readonly name: string;
  /** Its folder under data/. */
  readonly folder: string;
  readonly questions: number;
}

/** A run of a system on a benchmark. */
export interface RunIndex {
  /** The system's name in tables, with its model where there are several. */
  readonly name: string;
  /** Its place in the list of benchmarks. */
  readonly benchmark: number;
  /** Bits of the questions that it has exactly right, and on which it failed (see Bits); null for a system that only ranks. */
  readonly right: string | null;
  readonly failed: string | null;
}

/** All that choosing among questions needs, and the charts. */
export interface ReportIndex {
  readonly benchmarks: readonly BenchmarkIndex[];
  /** In the order in which the answers of a QuestionDetail stand, benchmark by benchmark. */
  readonly runs: readonly RunIndex[];
  /** Names of the scores of a RunAnswer. */
  readonly metrics: readonly string[];
  /** Questions in a file `list-<n>` and `detail-<n>`. */
  readonly listed: number;
  readonly detailed: number;
  /** By the charts' names. */
  readonly charts: Readonly<Record<string, ChartSpec>>;
}

/** What lists show of a question. */
export interface ListedQuestion {
  readonly id: string;
  readonly question: string;
  readonly answers: readonly string[];
}

/** What a run made of a question. */
export interface RunAnswer {
  /** Not there where the system failed, or only ranks. */
  readonly prediction?: string;
  /** Why it failed. */
  readonly error?: string;
  /** Places of documents, best first. */
  readonly ranking?: readonly number[];
  /** Places of the documents that it was given. */
  readonly selected?: readonly number[];
  /** In the order of the index's metrics; null where one does not apply. */
  readonly scores?: readonly (number | null)[];
}

/** Everything else about a question. */
export interface QuestionDetail {
  readonly docs: readonly { readonly title: string; readonly text: string }[];
  /** Places of the gold documents. */
  readonly gold: readonly number[];
  /** One for each run of the benchmark. */
  readonly given: readonly RunAnswer[];
}
