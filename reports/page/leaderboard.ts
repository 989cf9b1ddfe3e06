import { boardTable, type SiteCell, type SiteTable } from '../publish/board-table.ts';
import { boardCaption } from '../publish/board-caption.ts';
import type { Board, LeaderboardData } from '../publish/board.ts';
import { metricHeading } from '../metric-heading.ts';
import { rankBoard, ratioName } from '../publish/rank-board.ts';
import { noteAddress } from './address.ts';
import { load } from './data.ts';
import { element } from './element.ts';
import { sortTables } from './sort-tables.ts';
import { say } from './status.ts';

type Name = 'board' | 'metric' | 'ratio' | 'model';

/** Puts one board in the place of all of them, with a form that chooses the board, its metric and the systems that compete. The choice stands in the page's address. */
export async function leaderboard(place: HTMLElement): Promise<void> {
  const data = await load<LeaderboardData>('leaderboard');
  const selects: Record<Name, HTMLSelectElement> = {
    board: element('select', { name: 'board' }, ...data.boards.map(({ name, label }) => option(name, label))),
    metric: element('select', { name: 'metric' }),
    ratio: element('select', { name: 'ratio' }),
    model: element('select', { name: 'model' }),
  };
  const search = element('input', { type: 'search', name: 'system', autocomplete: 'off', spellcheck: 'false' });
  const form = element(
    'form',
    { class: 'filters', 'aria-label': 'Choose a board and its systems' },
    labelled('Benchmark', selects.board),
    labelled('Metric', selects.metric),
    labelled('Nominal ratio', selects.ratio),
    labelled('Model', selects.model),
    labelled('System has in its name', search),
  );
  const view = element('div');
  place.replaceChildren(element('section', { 'aria-label': 'Leaderboard' }, form, view));

  let shown: { orders: ReturnType<typeof sortTables>; rows: HTMLTableRowElement[] } | undefined;

  const note = (): void => {
    const given = Object.entries({ ...valuesOf(selects), system: search.value, sort: shown?.orders.read() ?? '' });
    noteAddress(`#${new URLSearchParams(given.filter(([, value]) => value !== '')).toString()}`);
  };
  const find = (): number => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = shown!.rows.filter((row) => {
      const name = row.querySelector('th')!.textContent.toLowerCase();
      row.hidden = !words.every((word) => name.includes(word));
      return !row.hidden;
    });
    return found.length;
  };
  const show = async (choice: URLSearchParams): Promise<void> => {
    choose(selects.board, choice.get('board') ?? '');
    const board = await load<Board>(selects.board.value);
    const { metrics, rows } = board;
    fill(selects.metric, metrics.map(({ id }) => [id, metricHeading(id)]), choice.get('metric') ?? data.metric); // prettier-ignore
    fill(selects.ratio, [['', 'all'], ...same([...new Set(rows.map(({ ratio }) => ratio))].sort(byRatio).map(ratioName))], choice.get('ratio') ?? ''); // prettier-ignore
    fill(selects.model, [['', 'all'], ...same([...new Set(rows.map(({ model }) => model))].sort())], choice.get('model') ?? ''); // prettier-ignore
    search.value = choice.get('system') ?? '';
    const { metric, ratio, model } = valuesOf(selects);
    const chosen = { metric, ratio: ratio || undefined, model: model || undefined };
    const description = metrics.find(({ id }) => id === metric)?.description ?? '';
    const table = boardTable(boardCaption(board, metric, chosen.ratio), metric, rankBoard(board, chosen), data.reports);
    const drawn = tableElement(table);
    view.replaceChildren(
      drawn,
      element('p', { class: 'note' }, `${metricHeading(metric)}: ${description}.`),
      element('p', { class: 'note' }, board.shared),
    );
    shown = { orders: sortTables(note), rows: [...drawn.querySelectorAll<HTMLTableRowElement>('tbody tr')] };
    shown.orders.apply(choice.get('sort') ?? '');
    const count = find();
    form.dataset.shown = `${count} of ${table.rows.length} systems`;
  };
  const update = async (): Promise<void> => {
    await show(new URLSearchParams({ ...valuesOf(selects), system: search.value }));
    note();
    say(`${form.dataset.shown} shown`);
  };
  form.addEventListener('submit', (event) => event.preventDefault());
  for (const select of Object.values(selects)) select.addEventListener('change', () => void update());
  search.addEventListener('input', () => {
    say(`${find()} of ${shown!.rows.length} systems shown`);
    note();
  });
  const read = async (): Promise<void> => {
    const given = new URLSearchParams(location.hash.slice(1));
    if (!given.has('ratio') && data.ratio !== undefined) given.set('ratio', data.ratio);
    await show(given);
  };
  window.addEventListener('hashchange', () => void read());
  await read();
}

function valuesOf(selects: Readonly<Record<Name, HTMLSelectElement>>): Record<Name, string> {
  const { board, metric, ratio, model } = selects;
  return { board: board.value, metric: metric.value, ratio: ratio.value, model: model.value };
}

/** Chooses a value where there is such an option, else leaves what is chosen. */
function choose(select: HTMLSelectElement, value: string): void {
  if ([...select.options].some((option) => option.value === value)) select.value = value;
}

function fill(select: HTMLSelectElement, options: readonly (readonly [string, string])[], value: string): void {
  select.replaceChildren(...options.map(([value, text]) => option(value, text)));
  choose(select, value);
}

function option(value: string, text: string): HTMLOptionElement {
  return element('option', { value }, text);
}

function labelled(heading: string, control: HTMLElement): HTMLElement {
  return element('label', {}, element('span', {}, heading), control);
}

function same(values: readonly string[]): [string, string][] {
  return values.map((value) => [value, value]);
}

function byRatio(one: number | null, other: number | null): number {
  return (one ?? 0) - (other ?? 0);
}

function tableElement({ caption, header, columns, rows }: SiteTable): HTMLElement {
  const kind = (at: number): string | undefined => columns[at]!.kind;
  const head = columns.map(({ label }, at) => element('th', { scope: 'col', class: kind(at) }, label));
  const body = rows.map((row) =>
    element(
      'tr',
      { 'data-row': true },
      ...row.map((cell, at) =>
        at === header
          ? element('th', { scope: 'row' }, ...content(cell))
          : element('td', { class: kind(at), 'data-mark': cell.mark }, ...content(cell)),
      ),
    ),
  );
  const table = element(
    'table',
    {},
    element('caption', {}, element('bdi', {}, caption)),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  );
  return element('div', { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 }, table);
}

function content({ text = '', links }: SiteCell): (Node | string)[] {
  if (!links) return [element('bdi', {}, text)];
  return links.flatMap(({ title, href }, at) => [
    at > 0 ? ', ' : '',
    element('a', { href }, element('bdi', {}, title)),
  ]);
}
