import { groupBy } from '../group-by.ts';
import type { ReportRow } from '../report-row.ts';

/** All rows where a chart has room for them, else of each family those with the lowest and the highest ratio, the first of them. */
export function withRoom(rows: readonly ReportRow[], most: number): ReportRow[] {
  if (rows.length <= most) return [...rows];
  const ends = [...groupBy(rows, ({ family }) => family).values()].flatMap((members) => [members[0]!, members.at(-1)!]);
  return rows.filter((row) => ends.includes(row)).slice(0, most);
}
