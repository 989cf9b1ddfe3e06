import type { BenchmarkIndex, ListedQuestion, ReportIndex, RunIndex } from '../questions/records.ts';
import { addressOf, noteAddress, type Place } from './address.ts';
import { load, loadAhead } from './data.ts';
import { element } from './element.ts';
import { questionForm } from './question-form.ts';
import { showQuestion } from './question-view.ts';
import { findQuestions } from './search.ts';
import { say } from './status.ts';
import { verdictSign, type Verdict } from './verdict.ts';

const PAGE = 25;
/** Milliseconds after the last key before a search begins; a choice from a list counts at once. */
const PAUSE = 120;

/** A run of the chosen benchmark that answers. */
export interface AnsweringRun {
  readonly run: RunIndex;
  readonly verdict: (place: number) => Verdict;
}

/** The view of all questions, and of one of them. */
export function questionBrowser(
  root: HTMLElement,
  index: ReportIndex,
): { show: (view: Place['view'], parameters: URLSearchParams) => Promise<void> } {
  const heading = element('h2', { tabindex: -1 }, 'Questions');
  const results = element('div', { class: 'results' });
  const single = element('section', { class: 'single', hidden: true, 'aria-label': 'One question' });
  const count = element('p', { class: 'count' });
  const progress = element('progress', { max: 1, value: 0, hidden: true, 'aria-label': 'Searching' });
  const form = questionForm(index, (isTyping) => changed(isTyping ? PAUSE : 0));
  const list = element('section', { 'aria-label': 'List of questions' }, form.form, count, progress, results);
  root.replaceChildren(heading, list, single);

  /** Counts what was asked for, so that what comes late is dropped. */
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let searched: { key: string; found: Set<number> } | undefined;
  let page = 1;
  let shownBefore: Place['view'] | undefined;

  const changed = (pause: number): void => {
    page = 1;
    clearTimeout(timer);
    timer = setTimeout(() => {
      noteAddress(listAddress());
      void update();
    }, pause);
  };
  const listAddress = (to = page): string =>
    addressOf('questions', [...form.read(), ['page', to > 1 ? String(to) : '']]);

  /** The places that the form chooses; undefined where the reader has asked for something else meanwhile. */
  const choose = async (): Promise<{ benchmark: BenchmarkIndex; places: number[] } | undefined> => {
    const mine = ++asked;
    const { benchmark, conditions, search } = form.choice();
    let found: Set<number> | undefined;
    if (search.text.trim()) {
      const key = JSON.stringify([benchmark.folder, search]);
      if (searched?.key !== key) {
        progress.hidden = false;
        let told = 0;
        const result = await findQuestions(index, benchmark, search, (share) => {
          progress.value = share;
          if (Math.floor(share * 4) > told) {
            told = Math.floor(share * 4);
            if (share < 1) say(`Searching: ${25 * told} %`);
          }
          return mine === asked;
        });
        if (!result) return undefined;
        progress.hidden = true;
        searched = { key, found: result };
      }
      found = searched.found;
    }
    const places: number[] = [];
    for (let place = 0; place < benchmark.questions; place++) {
      if (found && !found.has(place)) continue;
      if (conditions.every(({ run, verdict }) => run.verdict(place) === verdict)) places.push(place);
    }
    return { benchmark, places };
  };

  const update = async (): Promise<void> => {
    const chosen = await choose();
    if (!chosen) return;
    const mine = asked;
    const { benchmark, places } = chosen;
    const pages = Math.max(1, Math.ceil(places.length / PAGE));
    page = Math.min(Math.max(1, page), pages);
    const shown = places.slice((page - 1) * PAGE, page * PAGE);
    const questions = await Promise.all(shown.map((place) => listed(index, benchmark, place)));
    if (mine !== asked) return;
    const runs = form.chosenRuns();
    const text = `${places.length.toLocaleString('en-US')} of ${benchmark.questions.toLocaleString('en-US')} questions${pages > 1 ? `, page ${page} of ${pages.toLocaleString('en-US')}` : ''}`;
    count.textContent = text;
    say(text);
    const items = questions.map((question, at) => {
      const place = shown[at]!;
      const verdicts = runs.map(({ run, verdict }) =>
        element('span', { class: 'badge' }, verdictSign(verdict(place)), ' ', element('bdi', {}, run.name)),
      );
      return element(
        'li',
        {},
        element('a', { href: questionAddress(question, place), dir: 'auto' }, question.question),
        element('div', { class: 'badges' }, ...verdicts),
      );
    });
    results.replaceChildren(
      items.length > 0 ? element('ol', { start: (page - 1) * PAGE + 1 }, ...items) : element('p', {}, 'No question has all of this.'),
      pager(pages),
    ); // prettier-ignore
  };

  const questionAddress = ({ id }: ListedQuestion, place: number): string =>
    addressOf('question', [...form.read(), ['id', id], ['at', String(place)]]);

  const pager = (pages: number): HTMLElement => {
    const link = (to: number, text: string, rel?: string): HTMLElement =>
      to < 1 || to > pages || to === page
        ? element('span', { class: 'off' }, text)
        : element('a', { href: listAddress(to), rel }, text);
    return element(
      'nav',
      { class: 'pager', 'aria-label': 'Pages of questions', hidden: pages < 2 },
      link(1, 'First'),
      link(page - 1, 'Previous', 'prev'),
      element('span', {}, `${page} / ${pages}`),
      link(page + 1, 'Next', 'next'),
      link(pages, 'Last'),
    );
  };

  const open = async (parameters: URLSearchParams): Promise<void> => {
    const chosen = await choose();
    if (!chosen) return;
    const mine = asked;
    const { benchmark, places } = chosen;
    const id = parameters.get('id') ?? '';
    const place = await placeOf(index, benchmark, id, Number(parameters.get('at')));
    if (mine !== asked) return;
    if (place === undefined) {
      single.replaceChildren(element('p', {}, `${benchmark.name} has no question with the id `, element('code', {}, id), '.'));
      return;
    } // prettier-ignore
    const at = places.indexOf(place);
    const neighbour = async (to: number | undefined): Promise<string | undefined> =>
      to === undefined ? undefined : questionAddress(await listed(index, benchmark, to), to);
    await showQuestion(single, index, benchmark, place, {
      back: listAddress(at < 0 ? 1 : Math.floor(at / PAGE) + 1),
      position: at < 0 ? '' : `${(at + 1).toLocaleString('en-US')} of ${places.length.toLocaleString('en-US')}`,
      previous: await neighbour(at > 0 ? places[at - 1] : undefined),
      next: await neighbour(at >= 0 ? places[at + 1] : undefined),
      isWanted: () => mine === asked,
    });
  };

  root.addEventListener('keydown', (event) => {
    if (single.hidden || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if ((event.target as HTMLElement).closest('input, select, textarea, .scroll')) return;
    const rel = event.key === 'ArrowLeft' ? 'prev' : event.key === 'ArrowRight' ? 'next' : undefined;
    if (rel) single.querySelector<HTMLAnchorElement>(`a[rel=${rel}]`)?.click();
  });

  return {
    async show(view, parameters) {
      clearTimeout(timer);
      form.apply(parameters);
      page = Number(parameters.get('page')) || 1;
      const isOne = view === 'question';
      heading.hidden = isOne;
      list.hidden = isOne;
      single.hidden = !isOne;
      try {
        if (isOne) await open(parameters);
        else {
          await update();
          // Not at the first view: a page opened with this address begins at its top.
          if (shownBefore !== undefined) heading.focus({ preventScroll: shownBefore === 'questions' });
        }
      } catch (error) {
        (isOne ? single : results).replaceChildren(element('p', { role: 'alert' }, (error as Error).message));
      }
      shownBefore = view;
    },
  };
}

async function listed(index: ReportIndex, { folder }: BenchmarkIndex, place: number): Promise<ListedQuestion> {
  const questions = await load<ListedQuestion[]>(`${folder}/list-${Math.floor(place / index.listed)}`);
  return questions[place % index.listed]!;
}

/** Where the question with an id stands: where the address says, or anywhere. */
async function placeOf(
  index: ReportIndex,
  benchmark: BenchmarkIndex,
  id: string,
  hint: number,
): Promise<number | undefined> {
  if (hint >= 0 && hint < benchmark.questions && (await listed(index, benchmark, hint)).id === id) return hint;
  let from = 0;
  const files = Math.ceil(benchmark.questions / index.listed);
  for await (const questions of loadAhead<ListedQuestion[]>(`${benchmark.folder}/list`, files)) {
    const at = questions.findIndex((question) => question.id === id);
    if (at >= 0) return from + at;
    from += questions.length;
  }
  return undefined;
}
