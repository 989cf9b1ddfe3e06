import { countedSeeds, type ReportRow } from './report-row.ts';

/** Which 95 % intervals shares of these rows have: `ofOne` is that of a single seed, such as `Wilson score`. */
export function intervalKind(rows: readonly ReportRow[], ofOne: string): string {
  const several = rows.filter((row) => countedSeeds(row) > 1).length;
  if (several === 0) return ofOne;
  const hierarchical = 'hierarchical bootstrap over seeds and questions';
  return several === rows.length ? hierarchical : `${hierarchical}; where there is one set of answers: ${ofOne}`;
}
