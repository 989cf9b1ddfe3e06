import type { BenchmarkIndex, ListedQuestion, QuestionDetail, ReportIndex } from '../questions/records.ts';
import { load, loadOnce } from './data.ts';

/** What a search goes through. */
export interface Search {
  readonly text: string;
  /** Passages and the systems' answers as well as questions, ids and gold answers. */
  readonly everything: boolean;
}

/**
 * The places of the questions in which all words of a text stand, upper or lower case. Reads the benchmark's files one after another.
 *
 * @param onProgress Told after each file; false ends the search, whose result is then undefined.
 */
export async function findQuestions(
  index: ReportIndex,
  benchmark: BenchmarkIndex,
  { text, everything }: Search,
  onProgress: (share: number) => boolean,
): Promise<Set<number> | undefined> {
  const words = normal(text).split(/\s+/).filter(Boolean);
  const found = new Set<number>();
  const size = everything ? index.detailed : index.listed;
  const files = Math.ceil(benchmark.questions / size);
  for (let file = 0; file < files; file++) {
    const from = file * size;
    const listed = await load<ListedQuestion[]>(`${benchmark.folder}/list-${Math.floor(from / index.listed)}`);
    const details = everything ? await loadOnce<QuestionDetail[]>(`${benchmark.folder}/detail-${file}`) : [];
    const first = from % index.listed;
    listed.slice(first, first + size).forEach((question, at) => {
      const texts = normal(`${textOf(question)}\n${everything ? detailText(details[at]!) : ''}`);
      if (words.every((word) => texts.includes(word))) found.add(from + at);
    });
    if (!onProgress((file + 1) / files)) return undefined;
  }
  return found;
}

function textOf({ id, question, answers }: ListedQuestion): string {
  return [id, question, ...answers].join('\n');
}

function detailText({ docs, given }: QuestionDetail): string {
  return [...docs.flatMap(({ title, text }) => [title, text]), ...given.map(({ prediction = '' }) => prediction)].join(
    '\n',
  );
}

function normal(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
