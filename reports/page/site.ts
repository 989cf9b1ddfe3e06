import type { ChartSpec } from '../charts/chart-spec.ts';
import { load } from './data.ts';
import { leaderboard } from './leaderboard.ts';
import { drawCharts } from './live-charts.ts';
import { sortTables } from './sort-tables.ts';

/** Brings the pages of a site of reports to life: without this script they are pages to read. */
async function start(): Promise<void> {
  document.documentElement.classList.add('scripted');
  const board = document.getElementById('leaderboard');
  if (board) await leaderboard(board);
  else sortTables(() => undefined);
  if (document.querySelector('figure[data-chart]')) drawCharts(await load<Record<string, ChartSpec>>('trends'));
}

void start();
