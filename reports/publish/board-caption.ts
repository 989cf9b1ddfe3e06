import { metricHeading } from '../metric-heading.ts';
import type { Board } from './board.ts';

/** What a board shows. */
export function boardCaption({ label }: Pick<Board, 'label'>, metric: string, ratio?: string): string {
  const which = ratio === undefined ? '' : ratio === 'none' ? ', systems without a ratio' : `, nominal ratio ${ratio}`;
  return `${metricHeading(metric)} on ${label}${which}`;
}
