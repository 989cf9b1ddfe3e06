import type { BenchmarkIndex, ListedQuestion, QuestionDetail, ReportIndex, RunAnswer } from '../questions/records.ts';
import { metricHeading } from '../metric-heading.ts';
import { load } from './data.ts';
import { element } from './element.ts';
import { say } from './status.ts';
import { verdictSign, verdictsOf } from './verdict.ts';

/** Where the reader can go from a question. */
export interface Ways {
  readonly back: string;
  /** `12 of 340`, or nothing where the choice does not have it. */
  readonly position: string;
  readonly previous: string | undefined;
  readonly next: string | undefined;
  /** False when the reader has gone on meanwhile. */
  readonly isWanted: () => boolean;
}

/** Shows a question with its passages and what each system made of it. */
export async function showQuestion(
  root: HTMLElement,
  index: ReportIndex,
  benchmark: BenchmarkIndex,
  place: number,
  ways: Ways,
): Promise<void> {
  const lists = load<ListedQuestion[]>(`${benchmark.folder}/list-${Math.floor(place / index.listed)}`);
  const details = load<QuestionDetail[]>(`${benchmark.folder}/detail-${Math.floor(place / index.detailed)}`);
  const { id, question, answers } = (await lists)[place % index.listed]!;
  const detail = (await details)[place % index.detailed]!;
  if (!ways.isWanted()) return;
  const heading = element('h2', { tabindex: -1, dir: 'auto' }, question);
  const link = (href: string | undefined, text: string, rel: string): HTMLElement =>
    href === undefined ? element('span', { class: 'off' }, text) : element('a', { href, rel }, text);
  root.replaceChildren(
    element(
      'nav',
      { class: 'pager', 'aria-label': 'Questions' },
      element('a', { href: ways.back }, 'All questions'),
      link(ways.previous, 'Previous', 'prev'),
      element('span', {}, ways.position),
      link(ways.next, 'Next', 'next'),
    ),
    heading,
    element(
      'dl',
      {},
      entry('Gold answer', ...answers.flatMap((answer, at) => [at > 0 && ' / ', element('bdi', {}, answer)])),
      entry('Question', element('bdi', {}, benchmark.name), ', ', element('code', {}, id)),
    ),
    systemsTable(index, benchmark, place, detail),
    documents(detail, answers),
  );
  heading.focus();
  say(`Question ${ways.position}`);
}

function entry(term: string, ...content: Parameters<typeof element>[2][]): HTMLElement {
  return element('div', {}, element('dt', {}, term), element('dd', {}, ...content));
}

function systemsTable(
  index: ReportIndex,
  benchmark: BenchmarkIndex,
  place: number,
  { given, gold }: QuestionDetail,
): HTMLElement {
  const runs = index.runs.filter((run) => index.benchmarks[run.benchmark] === benchmark);
  const metrics = index.metrics
    .map((name, at) => ({ name, at }))
    .filter(({ at }) => given.some(({ scores }) => typeof scores?.[at] === 'number'));
  const ranks = given.some(({ ranking, selected }) => ranking ?? selected);
  const rows = runs.map((run, at) => {
    const answer = given[at]!;
    const verdict = verdictsOf(run)?.(place);
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, element('bdi', {}, run.name)),
      element('td', { class: 'answer' }, verdict && verdictSign(verdict), verdict && ' ', answerText(answer)),
      ranks && element('td', { class: 'ranking' }, ...ranking(answer, gold)),
      ...metrics.map(({ at }) => element('td', { class: 'number' }, scoreText(answer.scores?.[at]))),
    );
  });
  const caption = 'What each system made of it; documents by their number below, gold ones marked';
  return element(
    'div',
    { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': 'Answers of the systems' },
    element(
      'table',
      {},
      element('caption', {}, element('bdi', {}, caption)),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', { scope: 'col' }, 'System'),
          element('th', { scope: 'col' }, 'Answer'),
          ranks && element('th', { scope: 'col' }, 'Ranking, or documents given'),
          ...metrics.map(({ name }) => element('th', { scope: 'col', class: 'number' }, `${metricHeading(name)}, %`)),
        ),
      ),
      element('tbody', {}, ...rows),
    ),
  );
}

function answerText({ prediction, error }: RunAnswer): HTMLElement {
  if (error !== undefined) return element('span', { 'data-mark': 'failed' }, `failed: ${error}`);
  if (prediction === undefined) return element('span', { class: 'note' }, 'ranks only');
  return prediction.trim() ? element('bdi', {}, prediction) : element('span', { class: 'note' }, '(nothing)');
}

function scoreText(score: number | null | undefined): string {
  return typeof score === 'number' ? (100 * score).toFixed(score === 0 || score === 1 ? 0 : 1) : '–';
}

/** The first ten documents of the ranking; where there is none, those that the answer was made from. */
function ranking({ ranking, selected }: RunAnswer, gold: readonly number[]): (HTMLElement | string)[] {
  const places = ranking ?? selected ?? [];
  if (places.length === 0) return ['–'];
  const shown = places.slice(0, 10).flatMap((place, at) => {
    const number = gold.includes(place)
      ? element('mark', { role: 'img', 'aria-label': `${place + 1}, gold` }, String(place + 1))
      : String(place + 1);
    return at > 0 ? [' · ', number] : [number];
  });
  const more = places.length > 10 ? [' …'] : [];
  return [ranking ? '' : 'given ', ...shown, ...more].filter((part) => part !== '');
}

function documents({ docs, gold }: QuestionDetail, answers: readonly string[]): HTMLElement {
  const items = docs.map(({ title, text }, place) =>
    element(
      'li',
      { class: gold.includes(place) ? 'gold' : '', id: `document-${place + 1}` },
      element(
        'h4',
        {},
        `${place + 1}. `,
        element('bdi', {}, title),
        gold.includes(place) && element('span', { class: 'badge' }, 'gold'),
      ),
      element('p', { dir: 'auto' }, ...marked(text, answers)),
    ),
  );
  return element(
    'section',
    { class: 'documents', 'aria-label': 'Documents' },
    element('h3', {}, `${docs.length} documents, ${gold.length} of them gold`),
    element('ul', {}, ...items),
  );
}

/** A text with the gold answers in it marked, upper or lower case. */
function marked(text: string, answers: readonly string[]): (HTMLElement | string)[] {
  const wanted = answers.map((answer) => answer.trim()).filter(Boolean);
  if (wanted.length === 0) return [text];
  const pattern = wanted.sort((one, other) => other.length - one.length).map(escapePattern).join('|'); // prettier-ignore
  const whole = new RegExp(`(?<![\\p{L}\\p{N}])(${pattern})(?![\\p{L}\\p{N}])`, 'giu');
  return text.split(whole).map((part, at) => (at % 2 === 1 ? element('mark', {}, part) : part));
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
