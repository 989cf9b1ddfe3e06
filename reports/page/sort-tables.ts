import { element } from './element.ts';
import { say } from './status.ts';

/** A table's order: a column and whether from the least to the most. */
interface Order {
  readonly table: number;
  readonly column: number;
  readonly rising: boolean;
}

const NUMBER = /[−-]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?/;

/** Makes every table of the report sortable by its headings. Gives back how to read and set the orders, as a text for the address. */
export function sortTables(onChange: () => void): { read: () => string; apply: (text: string) => void } {
  const tables = [...document.querySelectorAll<HTMLTableElement>('#report table')].map((table) => ({
    table,
    rows: [...table.tBodies[0]!.rows],
    headings: [...table.tHead!.rows[0]!.cells],
  }));
  const orders = new Map<number, Order>();

  const show = (at: number): void => {
    const { table, rows, headings } = tables[at]!;
    const order = orders.get(at);
    headings.forEach((heading, column) => {
      if (column === order?.column) heading.setAttribute('aria-sort', order.rising ? 'ascending' : 'descending');
      else heading.removeAttribute('aria-sort');
    });
    table.tBodies[0]!.append(...(order ? sorted(rows, order, isNumeric(headings[order.column]!)) : rows));
  };

  tables.forEach(({ rows, headings }, at) => {
    if (rows.length < 2) return;
    headings.forEach((heading, column) => {
      const button = element('button', { type: 'button', class: 'sort' });
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener('click', () => {
        const before = orders.get(at);
        // Numbers are looked at from the most, names from the first; the third click gives the report's own order back.
        const first = !isNumeric(heading);
        if (before?.column !== column) orders.set(at, { table: at, column, rising: first });
        else if (before.rising === first) orders.set(at, { table: at, column, rising: !first });
        else orders.delete(at);
        show(at);
        const order = orders.get(at);
        const what = `${heading.textContent}, ${order?.rising ? 'rising' : 'falling'}`;
        say(order ? `Sorted by ${what}` : 'In the report’s order');
        onChange();
      });
    });
  });

  return {
    read: () => [...orders.values()].map(({ table, column, rising }) => `${table}.${column}.${rising ? 'up' : 'down'}`).join(','), // prettier-ignore
    apply(text) {
      const before = [...orders.keys()];
      orders.clear();
      for (const part of text.split(',')) {
        const [table, column, direction] = part.split('.');
        const given = { table: Number(table), column: Number(column), rising: direction === 'up' };
        if (part && tables[given.table]?.headings[given.column]) orders.set(given.table, given);
      }
      for (const at of new Set([...before, ...orders.keys()])) show(at);
    },
  };
}

function isNumeric(heading: HTMLElement): boolean {
  return heading.classList.contains('number');
}

/** The rows in an order; cells without a value come last, equal ones keep the report's order. */
function sorted(
  rows: readonly HTMLTableRowElement[],
  { column, rising }: Order,
  numeric: boolean,
): HTMLTableRowElement[] {
  const keyed = rows.map((row) => ({ row, key: keyOf(row.cells[column]?.textContent ?? '', numeric) }));
  const direction = rising ? 1 : -1;
  return keyed
    .sort(({ key: one }, { key: other }) => {
      if (one === null || other === null) return Number(one === null) - Number(other === null);
      if (typeof one === 'number' && typeof other === 'number') return direction * (one - other);
      return direction * String(one).localeCompare(String(other), 'en', { numeric: true });
    })
    .map(({ row }) => row);
}

function keyOf(text: string, numeric: boolean): string | number | null {
  if (!numeric) return text === '–' ? null : text;
  const found = NUMBER.exec(text);
  return found ? Number(found[0].replaceAll(',', '').replace('−', '-')) : null;
}
