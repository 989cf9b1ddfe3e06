import type { Findings } from './findings.ts';
import type { FoundOverlaps } from './training-overlap.ts';

/** No question that was asked is among those of the training, by its id or by its text (case, punctuation and articles aside). */
export function trainedApart({ overlaps, missing }: FoundOverlaps, findings: Findings): void {
  findings.warn(missing);
  for (const { where, trained, asked, sameIds, sameQuestions } of overlaps) {
    findings.look('training questions', trained);
    findings.look('test questions', asked);
    findings.fail([
      ...sameIds.map((id) => `${where}: the id ${id} is in both`),
      ...sameQuestions.map((question) => `${where}: the training question ${question} is a test question`),
    ]);
  }
}
