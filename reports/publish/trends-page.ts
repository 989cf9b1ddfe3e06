import { chartOf, type ChartSpec } from '../charts/chart-spec.ts';
import { CHART_WIDTH, renderChart } from '../charts/render-chart.ts';
import { metricHeading } from '../metric-heading.ts';
import { asScript } from '../questions/as-script.ts';
import { escapeHtml as text } from '../text/escape-html.ts';
import { scoreText, type SiteTable } from './board-table.ts';
import { commitText, hrefOf } from './index-page.ts';
import { finishedAt } from './published-report.ts';
import { ratioName } from './rank-board.ts';
import type { EntryGroup } from './boards-of.ts';
import type { Site } from './site.ts';
import { sitePage, siteTable } from './site-html.ts';
import { trendsOf, type Trend, type TrendLine } from './trends-of.ts';

/** Lines of a chart: of more none can be followed. The table has all. */
const MAX_LINES = 12;

/** Files of the trends: the page, a chart for each suite and benchmark as SVG and PNG, and what the page draws them from. */
export async function trendsFiles(site: Site, groups: readonly EntryGroup[]): Promise<[string, string | Uint8Array][]> {
  const trends = trendsOf(groups, site.metric);
  const charts = new Map<string, ChartSpec>();
  const files: [string, string | Uint8Array][] = [];
  const sections: string[] = [];
  for (const [at, trend] of trends.entries()) {
    const name = `trend-${at}`;
    const spec = chartSpec(name, trend, site.metric);
    charts.set(name, spec);
    const { chart, png, svg } = await renderChart(chartOf(spec));
    files.push([`charts/${name}.svg`, svg], [`charts/${name}.png`, png]);
    const { title, subtitle, alt, height } = chart;
    const heading = `${trend.suite}: ${trend.group.label}`;
    sections.push(`<section aria-labelledby="${name}"><h2 id="${name}">${text(heading)}</h2>
<div class="pictures"><figure data-chart="${name}"><img src="charts/${name}.svg" width="${CHART_WIDTH}" height="${height}" alt="${text(`${title}. ${subtitle}. ${alt}`)}">
<figcaption><a href="charts/${name}.svg">SVG</a> <a href="charts/${name}.png">PNG</a></figcaption></figure></div>
${siteTable(trendTable(`${metricHeading(site.metric)} over time, suite ${trend.suite}`, trend, site.metric))}
<p class="note">${text(trend.group.shared)}. Changed: what a run was made with that the one before it was not. The run’s commit and version are of the program that gave the answers, the report’s commit is of the one that scored them; a dash where it is not known.</p></section>`);
  }
  const none = `<section><p>No suite has a system that was run more than once on the same questions, in the same words, with the same scorer: there is nothing to compare over time yet.</p></section>`;
  return [
    [
      'trends.html',
      sitePage({
        page: 'trends.html',
        site: site.title,
        intro: 'Runs of the same suite over time. Only runs on the same questions, in the same words and scored by the same code are joined.',
        main: sections.length > 0 ? sections.join('\n') : none,
        baseUrl: site.baseUrl,
      }),
    ],
    ['data/trends.js', asScript('trends', Object.fromEntries(charts))],
    ...files,
  ];
} // prettier-ignore

function chartSpec(name: string, { suite, group, lines }: Trend, metric: string): ChartSpec {
  const repeated = lines.filter(({ points }) => points.length > 1).sort((one, other) => other.points.length - one.points.length); // prettier-ignore
  const drawn = repeated.slice(0, MAX_LINES);
  const shown = drawn.map(({ label, points }) => ({
    label,
    points: points.map(({ entry, score: { value, low, high } }) => ({
      at: Date.parse(finishedAt(entry.row)),
      value: 100 * value,
      low: 100 * (low ?? value),
      high: 100 * (high ?? value),
    })),
  }));
  const left = repeated.length - drawn.length;
  const subtitle = `${group.label}; rose, fell: beyond both intervals; brackets: 95 % intervals${left > 0 ? `; ${left} further systems in the table only` : ''}`;
  return { kind: 'trend', given: [name, courseOf(suite, drawn), metricHeading(metric), shown, subtitle] };
}

/** How many systems rose and fell beyond both intervals. */
function courseOf(suite: string, lines: readonly TrendLine[]): string {
  const ends = lines.map(({ points }) => [points[0]!.score, points.at(-1)!.score] as const);
  const above = (one: { low: number | null }, other: { high: number | null }): boolean => one.low !== null && other.high !== null && one.low > other.high; // prettier-ignore
  const rose = ends.filter(([first, last]) => above(last, first)).length;
  const fell = ends.filter(([first, last]) => above(first, last)).length;
  const rest = lines.length - rose - fell;
  const told = [
    ...(rose > 0 ? [`${rose} rose`] : []),
    ...(fell > 0 ? [`${fell} fell`] : []),
    ...(rest > 0 ? [`${rest} within ${rest === 1 ? 'its' : 'their'} intervals`] : []),
  ];
  return `${suite}, first run to last: of ${lines.length} ${lines.length === 1 ? 'system' : 'systems'} ${told.join(', ')}`;
}

function trendTable(caption: string, { lines }: Trend, metric: string): SiteTable {
  return {
    caption,
    header: 0,
    columns: [
      { label: 'System' },
      { label: 'Run ended (UTC)', kind: 'whole' },
      { label: `${metricHeading(metric)}, % [95 % interval]`, kind: 'number' },
      { label: 'n', kind: 'number' },
      { label: 'Nominal ratio', kind: 'number' },
      { label: 'Version' },
      { label: 'Commit of the run' },
      { label: 'Commit of the report' },
      { label: 'Changed', kind: 'wide' },
      { label: 'Report', kind: 'wide' },
    ],
    rows: lines.flatMap(({ label, points }) =>
      points.map(({ entry: { row, report }, score, changed }) => [
        { text: label },
        { text: finishedAt(row).slice(0, 16).replace('T', ' ') },
        { text: scoreText(score) },
        { text: score.n.toLocaleString('en-US') },
        { text: row.ratio === null ? '–' : ratioName(row.ratio) },
        { text: row.manifests[0].versions.program },
        { text: commitText(row.manifests[0].versions.commit) },
        { text: commitText(report.program) },
        { text: changed.join('; ') || '–' },
        { links: [{ title: report.title, href: hrefOf(report) }] },
      ]),
    ),
  };
}
