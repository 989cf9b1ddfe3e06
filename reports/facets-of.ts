import type { Facets } from './document.ts';
import type { ScoredRun } from './report-row.ts';

/** What a row of a table is chosen by. */
export function facetsOf({ benchmark, manifest: { ratio, settings } }: ScoredRun): Required<Facets> {
  const { docs } = settings;
  return {
    benchmark,
    ratio: ratio === null ? 'none' : `${ratio}×`,
    documents: typeof docs === 'string' || typeof docs === 'number' ? String(docs) : 'no such setting',
  };
}
