import type { Findings } from './findings.ts';
import type { FoundOverlaps } from './training-overlap.ts';

/** No pair of a passage in compression pretraining gives the answer of a question that was asked about the same passage. */
export function answersUnseen({ overlaps }: FoundOverlaps, findings: Findings): void {
  for (const { where, asked, sameAnswers } of overlaps) {
    if (!sameAnswers) continue;
    findings.look('test questions', asked);
    findings.fail(sameAnswers.map((text) => `${where}: ${text}`));
  }
}
