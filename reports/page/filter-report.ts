import { element } from './element.ts';
import { say } from './status.ts';

/** What rows are chosen by, in the order of the form: the attribute and its heading. */
const FACETS = [
  { name: 'benchmark', heading: 'Benchmark' },
  { name: 'ratio', heading: 'Nominal ratio' },
  { name: 'documents', heading: 'Documents' },
] as const;

type FacetName = (typeof FACETS)[number]['name'];

/** Puts a form above the report that chooses rows, columns and charts by benchmark, ratio and documents. Gives back how to read and set the choice. */
export function filterReport(onChange: () => void): {
  read: () => [string, string][];
  apply: (choice: URLSearchParams) => void;
} {
  const selects = new Map<FacetName, HTMLSelectElement>();
  const form = element('form', { class: 'filters', 'aria-label': 'Choose rows, columns and charts' });
  for (const { name, heading } of FACETS) {
    const values = valuesOf(name);
    if (values.length < 2) continue;
    const select = element('select', { name }, element('option', { value: '' }, 'all'));
    select.append(...values.map((value) => element('option', { value }, value)));
    selects.set(name, select);
    form.append(element('label', {}, element('span', {}, heading), select));
  }
  if (selects.size > 0) {
    const clear = element('button', { type: 'button' }, 'Show all');
    clear.addEventListener('click', () => {
      for (const select of selects.values()) select.value = '';
      update();
    });
    form.append(clear);
    document.getElementById('report')!.prepend(form);
  }
  form.addEventListener('submit', (event) => event.preventDefault());

  const choice = (): [FacetName, string][] =>
    [...selects].flatMap(([name, { value }]) => (value ? [[name, value] as [FacetName, string]] : []));
  const show = (): void => {
    const chosen = choice();
    const isChosen = ({ dataset }: HTMLElement): boolean =>
      chosen.every(([name, value]) => dataset[name] === undefined || dataset[name] === value);
    let shown = 0;
    let rows = 0;
    for (const table of document.querySelectorAll<HTMLTableElement>('#report table')) {
      const columns = [...table.tHead!.rows[0]!.cells].map(isChosen);
      for (const row of table.rows) {
        [...row.cells].forEach((cell, at) => (cell.hidden = columns[at] === false));
        if (row.dataset.row === undefined) continue;
        row.hidden = !isChosen(row);
        rows++;
        if (!row.hidden) shown++;
      }
      const own = [...table.tBodies[0]!.rows];
      const none = own.length > 0 && own.every((row) => row.hidden || row.dataset.ratio === undefined);
      const facetted = own.some((row) => row.dataset.ratio !== undefined);
      table.closest<HTMLElement>('.scroll')!.classList.toggle('without-rows', facetted && none);
    }
    for (const figure of document.querySelectorAll<HTMLElement>('#report figure')) figure.hidden = !isChosen(figure);
    form.dataset.shown = `${shown} of ${rows} rows`;
  };
  const update = (): void => {
    show();
    say(`${form.dataset.shown} shown`);
    onChange();
  };
  form.addEventListener('change', update);

  return {
    read: choice,
    apply(choice) {
      for (const [name, select] of selects) {
        const value = choice.get(name) ?? '';
        select.value = [...select.options].some((option) => option.value === value) ? value : '';
      }
      show();
    },
  };
}

/** The values of a facet that the report has, in the order of their numbers or names. */
function valuesOf(name: FacetName): string[] {
  const marked = document.querySelectorAll<HTMLElement>(`#report [data-${name}]`);
  const values = new Set([...marked].map(({ dataset }) => dataset[name]!));
  return [...values].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}
