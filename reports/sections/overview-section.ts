import { picturesBlock } from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import type { Section } from '../document.ts';

/** The report in one picture. */
export function overviewSection(pictures: readonly Picture[]): Section {
  return { heading: 'At a glance', blocks: picturesBlock(pictures) };
}
