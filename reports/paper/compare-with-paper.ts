import { givesAnswers, scoreOf, type ReportRow, type SeedsScore } from '../report-row.ts';
import type { FoundTrainings, Training } from '../training/find-trainings.ts';
import { counterpartOf, type Counterpart } from './counterpart.ts';
import { backboneOf, differingSettings, type DifferingSetting } from './differing-settings.ts';
import { documentsOf } from './documents-of.ts';
import { loadPublished, type PublishedValue } from './load-published.ts';
import { type PaperBenchmark, paperBenchmark } from './paper-setup.ts';
import { poolFacts } from './pool-facts.ts';

/** A figure of the report beside the published one. */
export interface PaperComparison {
  readonly row: ReportRow;
  /** The metric of the report. */
  readonly score: SeedsScore;
  readonly published: PublishedValue;
  /** Ours minus theirs, shares. */
  readonly difference: number;
  /** Whether the report's 95 % interval has the published figure in it; null without an interval. */
  readonly isCovered: boolean | null;
  readonly differs: readonly DifferingSetting[];
}

/** A row without a published counterpart. */
export interface UnmatchedRow {
  readonly row: ReportRow;
  /** Its benchmark in the paper; undefined where the paper has no figures for it. */
  readonly benchmark: PaperBenchmark | undefined;
  readonly reason: string;
}

/** A report beside the paper. */
export interface PaperMatch {
  readonly comparisons: readonly PaperComparison[];
  /** Rows without a counterpart, each with the reason. */
  readonly unmatched: readonly UnmatchedRow[];
  readonly published: readonly PublishedValue[];
}

/**
 * Sets each figure of a report against the published figure of the same system, stage, setting (normal or oracle), nominal ratio, benchmark and metric: of the report's backbone where
 * the paper has it, otherwise of Mistral-7B. Single cells only: figures that the paper gives as a mean over benchmarks (most ablations) have no counterpart here.
 */
export async function compareWithPaper(
  rows: readonly ReportRow[],
  preset: string,
  { trainings }: FoundTrainings,
): Promise<PaperMatch> {
  const published = await loadPublished();
  const facts = await poolFacts(rows.filter(({ manifest }) => paperBenchmark(manifest.benchmark.id)));
  const comparisons: PaperComparison[] = [];
  const unmatched: UnmatchedRow[] = [];
  for (const row of rows) {
    const { manifest } = row;
    const benchmark = paperBenchmark(manifest.benchmark.id);
    const counterpart = counterpartOf(manifest);
    const none = (reason: string): void => void unmatched.push({ row, benchmark, reason });
    if (!benchmark) none(`the paper has no figures for ${manifest.benchmark.id}`);
    else if (!counterpart) none('the paper has no such system, or none with these settings');
    else {
      const own = facts.get(manifest.examples.sha256)!;
      const documents = documentsOf(manifest, own);
      const setting = counterpart.system === 'no documents' ? 'normal' : documents.setting;
      const ofSystem = published.filter((value) => isSystem(value, counterpart));
      const ofSetting = ofSystem.filter((value) => value.benchmark === benchmark && value.setting === setting);
      const ofRatio = ofSetting.filter(({ ratio }) => sameRatio(ratio, manifest.ratio, counterpart));
      const found = ofBackbone(ofRatio, manifest.model?.id ?? null).flatMap((value) => {
        const score = scoreFor(row, value, documents.pool);
        return score ? [{ value, score }] : [];
      });
      for (const { value, score } of found) {
        const compared = { manifest, preset, metric: score.metric, published: value, benchmark, documents, facts: own };
        comparisons.push({
          row,
          score,
          published: value,
          difference: score.value - value.value / 100,
          isCovered: covers(score, value.value / 100),
          differs: differingSettings({ ...compared, stages: stagesOf(row, trainings) }),
        });
      }
      if (found.length === 0) none(reason(ofSystem, ofSetting, ofRatio, `${setting} setting of ${benchmark}`));
    }
  }
  return { comparisons, unmatched, published };
}

function isSystem({ unit, system, start, variant }: PublishedValue, wanted: Counterpart): boolean {
  return unit === 'percent' && system === wanted.system && start === wanted.start && variant === wanted.variant;
}

function sameRatio(theirs: number | null, ours: number | null, { oneVector }: Counterpart): boolean {
  return oneVector === true || theirs === ours || (theirs === 1 && ours === null);
}

/** The figures of one backbone: the report's, else Mistral-7B, else those of which it is not noted or that need none. */
function ofBackbone(values: readonly PublishedValue[], model: string | null): readonly PublishedValue[] {
  const own = model === null ? null : backboneOf(model);
  for (const wanted of [own, 'mistral-7b-instruct-v0.2', null]) {
    const found = values.filter(({ backbone }) => backbone === wanted);
    if (found.length > 0) return found;
  }
  return [];
}

/** The row's score for a published metric. Where the preset has no bag of words, the substring stands in; recall among gold passages alone says nothing. */
function scoreFor(row: ReportRow, { metric }: PublishedValue, pool: string): SeedsScore | undefined {
  if (metric.id.startsWith('recall@')) return pool === 'gold alone' ? undefined : scoreOf(row, metric.id);
  if (!givesAnswers(row)) return undefined;
  const found = scoreOf(row, metric.id);
  return found ?? (metric.id === 'cover-exact-match-bag' ? scoreOf(row, 'cover-exact-match-substring') : undefined);
}

function covers({ low, high }: SeedsScore, value: number): boolean | null {
  return low === null || high === null ? null : low <= value && value <= high;
}

/** The stages that a row's answers come from, the first one first, as far as they lie beside the run. */
function stagesOf({ manifest }: ReportRow, trainings: readonly Training[]): Training[] {
  const stages: Training[] = [];
  let key = manifest.trained;
  while (key !== null) {
    const stage = trainings.find(({ manifest }) => manifest.key === key);
    if (!stage || stages.includes(stage)) break;
    stages.unshift(stage);
    key = stage.manifest.from?.key ?? null;
  }
  return stages;
}

/** Why there is no figure, by what is left of the published ones. */
function reason(
  ofSystem: readonly PublishedValue[],
  ofSetting: readonly PublishedValue[],
  ofRatio: readonly PublishedValue[],
  setting: string,
): string {
  if (ofSystem.length === 0) return 'the paper has no such variant of the system';
  if (ofSystem.every(({ benchmark }) => benchmark === 'average'))
    return 'the paper has the mean over its four benchmarks alone';
  if (ofSetting.length === 0) return `the paper has no figures of the system in the ${setting}`;
  if (ofRatio.length > 0) return 'the report has none of the metrics that the paper has';
  const ratios = [...new Set(ofSetting.flatMap(({ ratio }) => ratio ?? []))].sort((one, other) => one - other);
  return ratios.length > 0
    ? `the paper has the system at the ratios ${ratios.join(', ')}`
    : 'the paper has the system without a ratio';
}
