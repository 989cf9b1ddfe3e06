import { picturesBlock } from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import type { Section } from '../document.ts';

/** What length does to the ratio and to the answers, in charts; undefined where there are none. */
export function lengthsSection(pictures: readonly Picture[]): Section | undefined {
  if (pictures.length === 0) return undefined;
  return {
    heading: 'By document length',
    blocks: [
      {
        kind: 'paragraph',
        text: 'A nominal ratio is met where documents are as long as the number of vectors is made for. Shorter ones take as many vectors where their number is fixed, so that less is saved; of longer ones only the beginning is read and counted, which caps the ratio. Lengths are the tokens of the documents that a system selected for a question, with what was cut off; questions of a row stand in bins of about equally many. Exact match by length also holds what else comes with length, such as harder questions.',
      },
      ...picturesBlock(pictures),
    ],
  };
}
