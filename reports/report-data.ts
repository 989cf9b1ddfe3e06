import path from 'node:path';
import type { Metric } from '../harness/metrics/metric.ts';
import type { ReportChart } from './charts-of.ts';
import type { JudgedClaim } from './claims/judge-claims.ts';
import type { Block, ReportDocument } from './document.ts';
import type { PairedDifference } from './paired-differences.ts';
import type { ReportRow } from './report-row.ts';
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
}

/** Everything that a report shows, in full precision, for programs: the scores, differences and trainings, what each chart is made from, and the sections as they are written. The questions lie beside it in `data/`. */
export function reportData({ document, metrics, rows, differences, claims, trained, charts }: DataOf): string {
  const data = {
    format: 1,
    title: document.title,
    summary: document.summary,
    metrics: metrics.map(({ id, description, unit, binary }) => ({ id, description, unit, binary })),
    runs: rows.map((row) => ({
      ...naming(row),
      key: row.manifest.key,
      setting: settingText(row.manifest),
      measuredRatio: row.measuredRatio,
      questions: row.scores.questions,
      scored: row.scores.scored,
      failures: row.scores.failures,
      scores: row.scores.rows,
    })),
    differences: differences.map(({ one, other, ...values }) => ({
      one: naming(one),
      other: naming(other),
      ...values,
    })),
    claims,
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

function naming({ folder, manifest, label, benchmark, model }: ReportRow): object {
  const { system, ratio, seed } = manifest;
  return { run: path.basename(folder), system: system.id, label, benchmark, model, ratio, seed };
}

function blockData(block: Block): object {
  return block.kind === 'pictures' ? { kind: 'charts', names: block.pictures.map(({ chart }) => chart.name) } : block;
}
