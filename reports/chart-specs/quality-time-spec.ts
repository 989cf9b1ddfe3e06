import type { RunningMean } from '../../harness/statistics/running-mean.ts';
import type { ChartSpec } from '../charts/chart-spec.ts';
import type { Colour } from '../charts/palette.ts';
import type { Share } from '../charts/quality-chart.ts';
import type { TimedLine, TimedPoint } from '../charts/quality-time-chart.ts';
import type { Efficiency } from '../efficiency.ts';
import { groupBy } from '../group-by.ts';
import { intervalKind } from '../interval-kind.ts';
import { machineText } from '../machine-text.ts';
import { chartSubtitle, shareOf } from './row-words.ts';

/** Families that a chart has room for. */
const MOST = 14;
/** The text system whose quality is drawn across. */
const LEVEL = 'text-lora';

/** Exact match against the time of a question, of one benchmark and model. Undefined where fewer than two rows have both, and where they were timed on different machines or in different batches. */
export function qualityTimeSpec(
  benchmark: string,
  group: readonly Efficiency[],
  colours: ReadonlyMap<string, Colour>,
): ChartSpec | undefined {
  const timed = group.flatMap(({ row, ms }) => {
    const share = shareOf(row, 'exact-match');
    const online = ms.get('online');
    if (!share || !online || online.mean <= 0) return [];
    const compresses = (ms.get('compress')?.mean ?? 0) > 0;
    const point: TimedPoint = {
      ...share,
      ratio: row.manifest.ratio,
      online: withInterval(online),
      offline: compresses ? ms.get('offline')!.mean : null,
    };
    return [{ row, point }];
  });
  const rows = timed.map(({ row }) => row);
  const setUps = new Set(rows.map(({ manifest }) => `${machineText(manifest)}, batch ${manifest.batch}`));
  if (timed.length < 2 || setUps.size > 1) return undefined;
  const families = [...groupBy(timed, ({ row }) => row.family)];
  const lines = families.slice(0, MOST).map(([label, members]): TimedLine => ({
    label,
    colour: colours.get(members[0]!.row.family)!,
    points: members.map(({ point }) => point).sort((one, other) => (one.ratio ?? 0) - (other.ratio ?? 0)),
    level: members[0]!.row.manifest.system.id === LEVEL,
  }));
  const left = families.length - lines.length;
  const words = [
    `95 % intervals (${intervalKind(rows, 'Wilson')}; faint, of times: Student’s t over batches)`,
    `one machine, batch ${rows[0]!.manifest.batch}`,
    ...(left > 0 ? [`not drawn: ${left} systems more, see the table`] : []),
  ].join('; ');
  return { kind: 'qualityTime', given: [benchmark, { id: 'exact-match', name: 'exact match' }, lines, chartSubtitle(rows, words)] }; // prettier-ignore
}

/** A mean with its interval; of one batch alone without one. */
function withInterval(times: RunningMean): Share {
  const value = times.mean;
  return { value, ...(times.interval() ?? { low: value, high: value }) };
}
