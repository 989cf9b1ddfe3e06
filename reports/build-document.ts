import type { Metric } from '../harness/metrics/metric.ts';
import type { Preset } from '../harness/metrics/presets.ts';
import type { Picture } from './charts/render-chart.ts';
import type { CheckResult } from './check/findings.ts';
import type { JudgedClaim } from './claims/judge-claims.ts';
import type { ReportCharts } from './charts-of.ts';
import type { ShownExample } from './choose-examples.ts';
import type { DialPanels } from './dial-panels.ts';
import type { ReportDocument, Section } from './document.ts';
import type { FactsHeld } from './facts-held.ts';
import type { FoundRuns } from './find-runs.ts';
import { givesAnswers, type ReportRow, type ScoredRun } from './report-row.ts';
import type { PairedDifference } from './paired-differences.ts';
import { claimsSection } from './sections/claims-section.ts';
import { ablationsSection } from './sections/ablations-section.ts';
import { comparisonSection } from './sections/comparison-section.ts';
import { compressionSection } from './sections/compression-section.ts';
import { efficiencySection } from './sections/efficiency-section.ts';
import { endToEndSection } from './sections/end-to-end-section.ts';
import { dialsSection } from './sections/dials-section.ts';
import { examplesSection } from './sections/examples-section.ts';
import { factsHeldSection } from './sections/facts-held-section.ts';
import { howToReadSection } from './sections/how-to-read-section.ts';
import { methodOptionsSection } from './sections/method-options-section.ts';
import { lengthsSection } from './sections/lengths-section.ts';
import { provenanceSection } from './sections/provenance-section.ts';
import { matchedBudgetSection } from './sections/matched-budget-section.ts';
import { mixedSection } from './sections/mixed-section.ts';
import { overviewSection } from './sections/overview-section.ts';
import { resultsSection } from './sections/results-section.ts';
import { retrievalSection } from './sections/retrieval-section.ts';
import { seedsSection } from './sections/seeds-section.ts';
import { trainingSection } from './sections/training-section.ts';
import { withoutRunSection } from './sections/without-run-section.ts';
import { withDistinctNames } from './table-name.ts';
import type { FoundTrainings } from './training/find-trainings.ts';

/** What a report is made of. */
export interface ReportContent {
  readonly title: string;
  readonly rows: readonly ReportRow[];
  /** The single runs behind the rows. */
  readonly runs: readonly ScoredRun[];
  readonly incomplete: FoundRuns['incomplete'];
  readonly preset: Preset;
  /** The preset's and the users' own. */
  readonly metrics: readonly Metric[];
  readonly differences: readonly PairedDifference[];
  /** Judged; none where none were asked for. */
  readonly claims: readonly JudgedClaim[];
  /** Why the runs must not stand side by side, where it was asked for all the same. */
  readonly mixed: readonly string[];
  readonly held: readonly FactsHeld[];
  readonly dials: readonly DialPanels[];
  readonly trained: FoundTrainings;
  /** What must hold of the runs, and whether it does. */
  readonly checks: readonly CheckResult[];
  readonly pictures: ReportCharts<Picture>;
  readonly examples: readonly ShownExample[];
  /** The report beside the paper or other runs, where that was asked for. */
  readonly against?: Section;
}

/** Puts a report together. */
export function buildDocument(content: ReportContent): ReportDocument {
  const { title, rows, runs, incomplete, preset, metrics, differences, held, dials, trained, pictures, examples } =
    content;
  const answering = rows.filter(givesAnswers);
  const compression = compressionSection(answering, metrics, { incomplete, pictures: pictures.quality });
  const endToEnd = endToEndSection(answering, metrics, incomplete);
  const reranking = retrievalSection(rows, metrics, pictures.retrieval);
  const ablations = ablationsSection(answering, trained.trainings);
  const matchedBudget = matchedBudgetSection(answering);
  return {
    title,
    summary: summary(rows, runs, incomplete, preset),
    sections: withDistinctNames(
      [
        mixedSection(content.mixed),
        claimsSection(content.claims),
        ...(pictures.overview.length > 0 ? [overviewSection(pictures.overview)] : []),
        // The paper's tables, in its order.
        compression,
        endToEnd,
        reranking,
        ablations,
        efficiencySection(rows, pictures.costs),
        matchedBudget,
        // What they rest on.
        content.against,
        comparisonSection(differences, pictures.comparison),
        seedsSection(rows),
        lengthsSection(pictures.lengths),
        factsHeldSection(held, pictures.factsHeld),
        dialsSection(dials, pictures.dials),
        trainingSection(trained, pictures.training),
        methodOptionsSection(trained),
        ...(examples.length > 0 ? [examplesSection(examples)] : []),
        // Details.
        ...(answering.length > 0 ? [resultsSection(answering, metrics)] : []),
        withoutRunSection({
          compression: compression !== undefined,
          endToEnd: endToEnd !== undefined,
          reranking: reranking !== undefined,
          ablations: ablations !== undefined,
          matchedBudget: matchedBudget !== undefined,
        }),
        howToReadSection(rows, preset, metrics),
        provenanceSection(runs, trained.trainings, incomplete, preset.id, content.checks),
      ].filter((section) => section !== undefined),
    ),
  };
}

function summary(
  rows: readonly ReportRow[],
  runs: readonly ScoredRun[],
  incomplete: FoundRuns['incomplete'],
  preset: Preset,
): string {
  const systems = new Set(rows.map(({ label }) => label)).size;
  const benchmarks = [...new Set(rows.map(({ benchmark }) => benchmark))];
  const models = [...new Set(rows.map(({ model }) => model))];
  const answers = runs.filter(givesAnswers).reduce((sum, { scores }) => sum + scores.scored, 0);
  const failures = runs.reduce((sum, { scores }) => sum + scores.failures, 0);
  return [
    `${count(systems, 'system')} on ${benchmarks.join(', ')} with ${models.join(', ')}: ${count(answers, 'answer')} scored with the metric preset ${preset.id}, ${count(failures, 'recorded failure')}.`,
    ...(incomplete.length > 0 ? [`${count(incomplete.length, 'run')} not finished and not scored.`] : []),
  ].join(' ');
}

function count(amount: number, what: string): string {
  return `${amount.toLocaleString('en-US')} ${what}${amount === 1 ? '' : 's'}`;
}
