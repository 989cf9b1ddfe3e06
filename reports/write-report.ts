import { InputError } from '../harness/errors.ts';
import { findPreset } from '../harness/metrics/presets.ts';
import { readAgainst } from './against/read-against.ts';
import { setAgainst } from './against/set-against.ts';
import { buildDocument } from './build-document.ts';
import { candidateCounts } from './candidate-counts.ts';
import type { Chart } from './charts/chart.ts';
import { renderChart, type Picture } from './charts/render-chart.ts';
import { chartsOf, type ReportChart } from './charts-of.ts';
import { RunChecks } from './check/run-checks.ts';
import { checkComparable, commonPreset, differences as differencesBetween } from './check-comparable.ts';
import { chooseExamples } from './choose-examples.ts';
import { claimsText } from './claims/claims-text.ts';
import { judgeClaims } from './claims/judge-claims.ts';
import { loadClaims } from './claims/load-claims.ts';
import { curvesCsv } from './curves-csv.ts';
import { dialPanels } from './dial-panels.ts';
import { factsHeld } from './facts-held.ts';
import { findRuns, type Run } from './find-runs.ts';
import { ownMetrics } from './own-metrics.ts';
import { pairedDifferences } from './paired-differences.ts';
import { pageFiles } from './page-files.ts';
import { writePdf, type Printed } from './pdf/write-pdf.ts';
import { writeQuestions } from './questions/write-questions.ts';
import { renderHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import { checkReplaceable, REPORT_MARK, replaceReport } from './replace-report.ts';
import { reportData } from './report-data.ts';
import { reportManifest } from './report-manifest.ts';
import { givesAnswers, scoreRuns } from './report-row.ts';
import { resultsCsv } from './results-csv.ts';
import { rowsOf } from './rows-of.ts';
import { tableFiles } from './tables/table-files.ts';
import { textTable } from './text-table.ts';
import { findTrainings } from './training/find-trainings.ts';

/** What to report and where to. */
export interface ReportOptions {
  /** Folders of runs, or runs' folders. */
  readonly runs: string | readonly string[];
  /** Folder of the report; an earlier report there is replaced. */
  readonly out: string;
  /** Metric preset; the one that the runs ask for by default. */
  readonly preset?: string;
  readonly title?: string;
  /** Only the runs that this suite ran last. */
  readonly suite?: string;
  /** File of claims (YAML), which the report's sentences are written from. */
  readonly claims?: string;
  /** What to set the report against: `paper`, or a folder of runs. */
  readonly against?: string;
  /** Show runs that must not stand side by side, under a warning. */
  readonly allowMixed?: boolean;
  /** Print `report.pdf` too, where there is a Chromium; false by default. */
  readonly pdf?: boolean;
  /** Called as runs are scored. */
  readonly onScored?: (done: number, total: number) => void;
}

/**
 * Writes a report: `index.html` with its `assets/` and the questions in `data/` (no server and no network is needed), `report.md`, `results.csv`, `curves.csv` where systems are trained,
 * `tables/*.csv` and `*.tex`, `charts/*.png` and `*.svg`, `data.json` with everything that is shown, `manifest.json` with what it was made from, and `report.json`, which names the runs.
 * Every number is computed from stored predictions. The same runs give the same bytes.
 *
 * @returns the folder, the results as a short table for a terminal, and what came of printing `report.pdf`, where it was asked for.
 * @throws InputError where there is no finished run, where runs cannot stand side by side, or where `out` is not to be replaced.
 */
export async function writeReport(
  options: ReportOptions,
): Promise<{ folder: string; table: string; printed: Printed | undefined }> {
  const { out, suite, onScored, title = 'Question answering: quality, compression and cost' } = options;
  const places = typeof options.runs === 'string' ? [options.runs] : options.runs;
  await checkReplaceable(out, places);
  const { runs, incomplete } = await findRuns(places, suite);
  const preset = findPreset(commonPreset(runs, options.preset));
  const claims = options.claims === undefined ? [] : await loadClaims(options.claims);
  const other = options.against === undefined ? undefined : await readAgainst(options.against);
  const mixed = options.allowMixed ? differencesBetween(runs) : [];
  if (!options.allowMixed) checkComparable(runs);
  const own = await ownMetrics(runs);
  const metrics = [...preset.metrics, ...own];
  const checks = new RunChecks();
  const scored = await scoreRuns(runs, { preset: preset.id, metrics: own, checks }, (done) =>
    onScored?.(done, runs.length),
  );
  const rows = rowsOf(scored);
  const judged = await judgeClaims({ claims, runs, preset: preset.id });
  const exactMatch = preset.metrics.find(({ id }) => id === 'exact-match');
  if (!exactMatch)
    throw new InputError(`preset ${preset.id}: expected a metric exact-match, which every report shows, got none`);
  const trained = await findTrainings(scored);
  const against =
    other &&
    (await setAgainst(other, {
      ...{ rows, trained, runs, metrics, own },
      preset: preset.id,
      isPresetGiven: options.preset !== undefined,
      allowMixed: options.allowMixed ?? false,
    }));
  const held = await factsHeld(rows);
  const dials = dialPanels(rows);
  const answering = rows.filter(givesAnswers);
  const differences = pairedDifferences(answering);
  const charts = chartsOf(rows, {
    trainings: trained.trainings,
    held,
    dials,
    differences,
    candidates: await candidateCounts(rows),
  });
  const allCharts = Object.values(charts).flat() as readonly ReportChart[];
  const pictures = {
    overview: await draw(charts.overview),
    quality: await draw(charts.quality),
    factsHeld: await draw(charts.factsHeld),
    dials: await draw(charts.dials),
    lengths: await draw(charts.lengths),
    comparison: await draw(charts.comparison),
    retrieval: await draw(charts.retrieval),
    training: await draw(charts.training),
    costs: await draw(charts.costs),
  };
  const examples = await chooseExamples(answering, exactMatch);
  const document = buildDocument({
    title,
    rows,
    runs: scored,
    incomplete,
    preset,
    metrics,
    differences,
    claims: judged,
    mixed,
    held,
    dials,
    trained,
    checks: await checks.results(),
    pictures,
    examples,
    against: against?.section,
  });
  let printed: Printed | undefined;
  const mark = { format: 1, title, preset: preset.id, runs: scored.map(({ manifest }) => manifest.key).sort() };
  await replaceReport(
    out,
    new Map<string, string | Uint8Array>([
      ['index.html', renderHtml(document)],
      ['report.md', renderMarkdown(document)],
      ['results.csv', resultsCsv(rows)],
      ...tableFiles(document),
      ...(trained.trainings.length > 0 ? [['curves.csv', curvesCsv(trained.trainings)] as const] : []),
      ...Object.values(pictures)
        .flat()
        .flatMap(({ chart, png, svg }) => [
          [`charts/${chart.name}.png`, png] as const,
          [`charts/${chart.name}.svg`, svg] as const,
        ]),
      [
        'data.json',
        reportData({
          document,
          metrics,
          rows,
          differences,
          claims: judged,
          trained,
          charts: allCharts,
          against: against?.data,
        }),
      ],
      ['manifest.json', await reportManifest(preset.id, scored, trained, against?.source)],
      ...(await pageFiles()),
      [REPORT_MARK, `${JSON.stringify(mark, null, 2)}\n`],
    ]),
    async (folder) => {
      await writeQuestions(folder, { runs: scored, charts: allCharts, own: own.map(({ id }) => id) });
      if (options.pdf) printed = await writePdf(folder, document, lastFinished(scored));
    },
  );
  const table = textTable(answering.length > 0 ? answering : rows);
  const further = [...(judged.length > 0 ? [claimsText(judged)] : []), ...(against ? [`${against.summary}\n`] : [])];
  return { folder: out, table: [table, ...further].join('\n'), printed };
}

function lastFinished(runs: readonly Run[]): Date {
  return new Date(Math.max(...runs.map(({ manifest }) => Date.parse(manifest.finishedAt))));
}

/** One after the other: a drawing holds its canvas in memory. */
async function draw(charts: readonly Chart[]): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const chart of charts) pictures.push(await renderChart(chart));
  return pictures;
}
