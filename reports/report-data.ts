import path from 'node:path';
import type { Metric } from '../harness/metrics/metric.ts';
import type { ReportChart } from './charts-of.ts';
import type { JudgedClaim } from './claims/judge-claims.ts';
import type { Block, ReportDocument } from './document.ts';
import type { PairedDifference } from './paired-differences.ts';
import type { ReportRow, ScoredRun } from './report-row.ts';
import { settingText } from './run-names.ts';
import type { FoundTrainings } from './training/find-trainings.ts';
import { summariseCurve } from './training/summarise-curve.ts';

/** What `data.json` is made of. */
export interface DataOf {
  readonly document: ReportDocument;
  readonly metrics: readonly Metric[];
  readonly rows: readonly ReportRow[];
  readonly differences: readonly PairedDifference[];
  readonly claims: readonly JudgedClaim[];
  readonly trained: FoundTrainings;
  readonly charts: readonly ReportChart[];
  /** The report beside the paper or other runs. */
  readonly against?: object;
}

/** Everything that a report shows, in full precision, for programs: the scores, differences and trainings, what each chart is made from, and the sections as they are written. The questions lie beside it in `data/`. */
export function reportData({ document, metrics, rows, differences, claims, trained, charts, against }: DataOf): string {
  const data = {
    format: 1,
    title: document.title,
    summary: document.summary,
    metrics: metrics.map(({ id, description, unit, binary }) => ({ id, description, unit, binary })),
    /** What tables show: the training seeds of a configuration together. */
    rows: rows.map((row) => ({ ...rowNaming(row), ...results(row) })),
    /** Each by itself. */
    runs: rows.flatMap(({ seeds }) => seeds).map((run) => ({ ...naming(run), key: run.manifest.key, ...results(run) })),
    differences: differences.map(({ one, other, ...values }) => ({
      one: rowNaming(one),
      other: rowNaming(other),
      ...values,
    })),
    claims,
    ...(against && { against }),
    trainings: trained.trainings.map((training) => ({
      run: path.basename(training.folder),
      stage: training.manifest.trainer.id,
      systems: training.systems,
      ratio: training.ratio,
      seed: training.manifest.seed,
      wallMs: training.manifest.wallMs,
      peakMemoryBytes: training.manifest.peakMemoryBytes,
      curve: summariseCurve(training.curve),
    })),
    charts: charts.map(({ name, title, subtitle, alt, spec }) => ({ name, title, subtitle, alt, spec })),
    sections: document.sections.map(({ heading, blocks }) => ({ heading, blocks: blocks.map(blockData) })),
  };
  return `${JSON.stringify(data, null, 1)}\n`;
}

function results({ manifest, measuredRatio, scores }: ScoredRun): object {
  const { questions, scored, failures, rows } = scores;
  return { setting: settingText(manifest), measuredRatio, questions, scored, failures, scores: rows };
}

/** A row by its name and its runs. */
function rowNaming({ manifest, label, benchmark, model, seeds, sameAnswers }: ReportRow): object {
  const { system, ratio } = manifest;
  const runs = seeds.map(({ folder, manifest: { seed } }) => ({ run: path.basename(folder), seed }));
  return { system: system.id, label, benchmark, model, ratio, seeds: runs, sameAnswers };
}

function naming({ folder, manifest, label, benchmark, model }: ScoredRun): object {
  const { system, ratio, seed } = manifest;
  return { run: path.basename(folder), system: system.id, label, benchmark, model, ratio, seed };
}

function blockData(block: Block): object {
  return block.kind === 'pictures' ? { kind: 'charts', names: block.pictures.map(({ chart }) => chart.name) } : block;
}
