import type { BenchmarkIndex, ListedQuestion, QuestionDetail, ReportIndex } from '../questions/records.ts';
import { load, loadAhead } from './data.ts';

/** What a search goes through. */
export interface Search {
  readonly text: string;
  /** Passages and the systems' answers as well as questions, ids and gold answers. */
  readonly everything: boolean;
}

/** Questions of a benchmark whose texts are kept after a search: some 200 bytes each. */
const MOST_KEPT = 200_000;

/** Texts by file of the benchmark searched last, in the form that is compared: the next search reads no file. */
let kept: { readonly folder: string; readonly texts: readonly string[][] } | undefined;

/**
 * The places of the questions in which all words of a text stand, upper or lower case. Reads the benchmark's files in their order.
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
  let place = 0;
  const look = (texts: readonly string[]): boolean => {
    for (const text of texts) {
      if (words.every((word) => text.includes(word))) found.add(place);
      place++;
    }
    return onProgress(place / benchmark.questions);
  };
  if (!everything && kept?.folder === benchmark.folder) return kept.texts.every(look) ? found : undefined;
  const read: string[][] = [];
  for await (const texts of everything ? allTexts(index, benchmark) : listedTexts(index, benchmark)) {
    if (!everything && benchmark.questions <= MOST_KEPT) read.push(texts);
    if (!look(texts)) return undefined;
  }
  if (read.length > 0) kept = { folder: benchmark.folder, texts: read };
  return found;
}

async function* listedTexts({ listed }: ReportIndex, { folder, questions }: BenchmarkIndex): AsyncGenerator<string[]> {
  for await (const list of loadAhead<ListedQuestion[]>(`${folder}/list`, Math.ceil(questions / listed))) {
    yield list.map((question) => normal(textOf(question)));
  }
}

async function* allTexts(index: ReportIndex, { folder, questions }: BenchmarkIndex): AsyncGenerator<string[]> {
  const { listed, detailed } = index;
  let from = 0;
  for await (const details of loadAhead<QuestionDetail[]>(`${folder}/detail`, Math.ceil(questions / detailed))) {
    const list = await load<ListedQuestion[]>(`${folder}/list-${Math.floor(from / listed)}`);
    const first = from % listed;
    yield details.map((detail, at) => normal(`${textOf(list[first + at]!)}\n${detailText(detail)}`));
    from += detailed;
  }
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
