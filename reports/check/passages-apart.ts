import type { Findings } from './findings.ts';
import type { FoundOverlaps } from './training-overlap.ts';

/** Named in a message at most. */
const SHOWN = 5;

/** Passages of the questions asked are not in the training data: counted, since benchmarks over one collection share passages by their nature. */
export function passagesApart({ overlaps }: FoundOverlaps, findings: Findings): void {
  for (const { where, passages, samePassages } of overlaps) {
    findings.look('test passages', passages);
    if (samePassages.length === 0) continue;
    const share = ((100 * samePassages.length) / passages).toFixed(1);
    const more = samePassages.length > SHOWN ? ', ...' : '';
    findings.warn(
      `${where}: ${samePassages.length} of ${passages} test passages (${share} %) are in the training data: ${samePassages.slice(0, SHOWN).join(', ')}${more}`,
    );
  }
}
