import type { Chart } from './chart.ts';
import { dialsChart } from './dials-chart.ts';
import { exactMatchChart } from './exact-match-chart.ts';
import { forestChart } from './forest-chart.ts';
import { lengthChart } from './length-chart.ts';
import { lossChart } from './loss-chart.ts';
import { qualityChart } from './quality-chart.ts';
import { qualityTimeChart } from './quality-time-chart.ts';
import { recallChart } from './recall-chart.ts';
import { timeChart } from './time-chart.ts';
import { trendChart } from './trend-chart.ts';

const makers = {
  exactMatch: exactMatchChart,
  quality: qualityChart,
  time: timeChart,
  qualityTime: qualityTimeChart,
  length: lengthChart,
  loss: lossChart,
  recall: recallChart,
  forest: forestChart,
  dials: dialsChart,
  trend: trendChart,
};

type Makers = typeof makers;

/** What a chart is made from, as data: the page makes the very chart again that the files were drawn from. */
export type ChartSpec = {
  readonly [Kind in keyof Makers]: { readonly kind: Kind; readonly given: Parameters<Makers[Kind]> };
}[keyof Makers];

/** The chart of a specification. */
export function chartOf({ kind, given }: ChartSpec): Chart {
  return (makers[kind] as (...given: ChartSpec['given']) => Chart)(...given);
}
