import { ratioOfMeans, type RatioOfMeans } from '../harness/statistics/ratio-of-means.ts';
import { RunningMean } from '../harness/statistics/running-mean.ts';
import { phases, type Phase } from './charts/time-chart.ts';
import { groupBy } from './group-by.ts';
import { machineText } from './machine-text.ts';
import type { ReportRow, ScoredRun } from './report-row.ts';

/** Milliseconds a question of each phase and of whole answers. */
export type TimeKind = Phase | 'online' | 'offline';

/** What a question costs a system. Means are over questions; their spread is that of batches, each measured as one. */
export interface Efficiency {
  readonly row: ReportRow;
  /** Of what was measured. `online`: all phases. `offline`: documents were compressed beforehand, so that all phases but `compress` are left. */
  readonly ms: ReadonlyMap<TimeKind, RunningMean>;
  /** Times of the text system over times of this one; a text says why there is none. */
  readonly speedUp: SpeedUp | 'reference' | 'no documents' | 'not measured' | 'no run' | 'not comparable';
}

/** How much faster than an uncompressed text system that has the same candidate documents. */
export interface SpeedUp {
  readonly over: ReportRow;
  readonly online: RatioOfMeans;
  readonly offline: RatioOfMeans;
}

/** Systems that read documents as text, uncompressed: the first of them that is there is what others are faster or slower than. */
const REFERENCES = ['text', 'text-lora'];

/** The efficiency of each row, in their order. */
export function efficiencyOf(rows: readonly ReportRow[]): Efficiency[] {
  const times = new Map(rows.map((row) => [row, timesOf(row)]));
  return rows.map((row) => ({ row, ms: times.get(row)!, speedUp: speedUpOf(row, rows, times) }));
}

function timesOf({ seeds }: ReportRow): Map<TimeKind, RunningMean> {
  const means = new Map<TimeKind, RunningMean>();
  for (const batch of seeds.flatMap(batchesOf)) {
    for (const [kind, ms] of batch.ms) {
      if (!means.has(kind)) means.set(kind, new RunningMean());
      means.get(kind)!.add(ms, batch.questions);
    }
  }
  return means;
}

interface Batch {
  readonly questions: number;
  readonly ms: ReadonlyMap<TimeKind, number>;
}

/** The questions of a run that were answered together: their shares of the time of ranking, reading and generating are equal to the last bit. */
function batchesOf({ questions }: ScoredRun): Batch[] {
  const of = new Map(phases.map((phase) => [phase, questions.of(`ms-${phase}`)]));
  const measured = phases.filter((phase) => of.get(phase)!.some((ms) => !Number.isNaN(ms)));
  const shared = measured.filter((phase) => phase !== 'compress');
  const places = questions.order.ids
    .map((_, place) => place)
    .filter((place) => measured.some((phase) => !Number.isNaN(of.get(phase)![place]!)));
  const batches = groupBy(places, (place) =>
    (shared.length > 0 ? shared : measured).map((phase) => of.get(phase)![place]).join(),
  );
  return [...batches.values()].map((batch) => {
    const mean = (phase: Phase): number =>
      batch.reduce((sum, place) => sum + (of.get(phase)![place] || 0), 0) / batch.length;
    const ms = new Map<TimeKind, number>(measured.map((phase) => [phase, mean(phase)]));
    const online = measured.reduce((sum, phase) => sum + ms.get(phase)!, 0);
    ms.set('online', online).set('offline', online - (ms.get('compress') ?? 0));
    return { questions: batch.length, ms };
  });
}

function speedUpOf(
  row: ReportRow,
  rows: readonly ReportRow[],
  times: ReadonlyMap<ReportRow, ReadonlyMap<TimeKind, RunningMean>>,
): Efficiency['speedUp'] {
  if (row.manifest.system.id === REFERENCES[0]) return 'reference';
  if (row.measuredRatio === null) return 'no documents';
  const own = times.get(row)!;
  if (!own.has('online')) return 'not measured';
  const same = rows.filter((other) => other !== row && readsTheSame(other, row) && times.get(other)!.has('online'));
  const references = REFERENCES.flatMap((id) => same.filter(({ manifest }) => manifest.system.id === id));
  if (references.length === 0) return row.manifest.system.id === REFERENCES[1] ? 'reference' : 'no run';
  const over = references.find((other) => setUpOf(other) === setUpOf(row));
  if (!over) return 'not comparable';
  const ratio = (kind: 'online' | 'offline'): RatioOfMeans => ratioOfMeans(times.get(over)!.get(kind)!, own.get(kind)!);
  return { over, online: ratio('online'), offline: ratio('offline') };
}

function readsTheSame(one: ReportRow, other: ReportRow): boolean {
  return (
    one.benchmark === other.benchmark &&
    one.model === other.model &&
    one.manifest.settings.docs === other.manifest.settings.docs &&
    one.manifest.maxNewTokens === other.manifest.maxNewTokens
  );
}

/** What times can be compared within. */
function setUpOf({ manifest }: ReportRow): string {
  return JSON.stringify([machineText(manifest), manifest.batch]);
}
