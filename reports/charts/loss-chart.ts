import type { ChartConfiguration, ChartDataset, PointStyle } from 'chart.js';
import { smooth } from '../../harness/statistics/smooth.ts';
import { groupBy } from '../group-by.ts';
import type { Chart, Look } from './chart.ts';
import { closedMarkerOf, dashOf } from './error-bar-series.ts';
import { ink, type Colour } from './palette.ts';
import { roundTicks } from './round-ticks.ts';
import { sideLabels, sideWidth } from './side-labels.ts';

/** The loss after a step. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** One training: the loss of its steps, and of its validations. */
export interface LossLine {
  readonly label: string;
  /** What its seeds share: they have one colour, one stroke and one label. */
  readonly name: string;
  readonly colour: Colour;
  readonly steps: readonly LossPoint[];
  readonly validations: readonly LossPoint[];
}

type Dataset = ChartDataset<'scatter'>;
type Side = Look['side'];

/** The running mean reaches this share of the steps so far to either side: as far everywhere on the logarithmic axis. */
const REACH = 0.12;
/** Points drawn of one line: more are a blot, and make a large file. The mean is of all steps. */
const POINTS = 240;
const FAINT = '59';
/** The first steps are all drawn: on the logarithmic axis they have as much room as all later ones. */
const FIRST = 60;

/** The loss of a stage over its steps, on a logarithmic axis, one line a training: the running mean, the steps themselves faint, and validations as hollow markers. */
export function lossChart(name: string, title: string, lines: readonly LossLine[], subtitle: string): Chart {
  const drawn = lines.map((line) => {
    const losses = line.steps.map(({ loss }) => loss);
    const means = smooth(losses, (place) => Math.max(1, Math.round(place * REACH)));
    const every = Math.ceil(losses.length / POINTS);
    const kept = line.steps.flatMap(({ step, loss }, at) =>
      at < FIRST || at % every === 0 || at === losses.length - 1 ? [{ step, loss, mean: means[at]! }] : [],
    );
    return { line, kept, every };
  });
  const named = [...groupBy(drawn, ({ line }) => line.name)];
  const places = new Map(named.map(([name], at) => [name, at]));
  const labels = named.flatMap(([name, members]) => {
    const ends = members.flatMap(({ kept }) => kept.at(-1) ?? []);
    if (ends.length === 0) return [];
    const text = members.length > 1 ? `${name}, ${members.length} seeds` : name;
    const y = ends.reduce((sum, { mean }) => sum + mean, 0) / ends.length;
    return [{ text, colour: members[0]!.line.colour, x: Math.max(...ends.map(({ step }) => step)), y }];
  });
  const steps = drawn.flatMap(({ kept }) => kept.map(({ step }) => step));
  const range = { min: Math.max(1, Math.min(...steps)), max: Math.max(...steps) };
  const every = Math.max(...drawn.map(({ every }) => every));
  return {
    name,
    title: `${title}: ${course(drawn.map(({ kept }) => kept))}`,
    subtitle: [
      subtitle,
      `lines: running mean over ±${(100 * REACH).toFixed(0)}\u00a0% of the step`,
      every > 1 ? `dots: single steps, one of ${every}` : 'dots: single steps',
      ...(lines.some(({ validations }) => validations.length > 0) ? ['hollow markers: validation'] : []),
    ].join('; '),
    alt: drawn.map(({ line, kept }) => describe(line, kept)).join(' '),
    height: 340,
    right: sideWidth(labels),
    configuration: ({ side, font }) => {
      const configuration: ChartConfiguration<'scatter'> = {
        type: 'scatter',
        data: {
          datasets: [
            ...drawn.map(({ line, kept }) => dots(line, kept, side)),
            ...drawn.map(({ line, kept }) => mean(line, kept, [...dashOf(places.get(line.name)!)], side)),
            ...drawn.map(({ line }) => validation(line, closedMarkerOf(places.get(line.name)!), side)),
          ],
        },
        options: {
          scales: {
            x: {
              type: 'logarithmic',
              ...range,
              title: { display: true, text: 'step, log scale', color: ink.muted[side] },
              afterBuildTicks: (axis) => {
                axis.ticks = roundTicks(range).map((value) => ({ value }));
              },
              ticks: {
                color: ink.muted[side],
                autoSkip: false,
                maxRotation: 0,
                callback: (value) => Number(value).toLocaleString('en-US'),
              },
            },
            y: {
              title: { display: true, text: 'loss', color: ink.muted[side] },
              ticks: { color: ink.muted[side] },
            },
          },
          plugins: { legend: { display: false } },
        },
        plugins: [sideLabels(labels, { side, font })],
      };
      return configuration;
    },
  };
}

/** Where the running means go, from the first step to the last. */
function course(lines: readonly (readonly { mean: number }[])[]): string {
  const ends = lines.flatMap((kept) => (kept.length > 0 ? [[kept[0]!.mean, kept.at(-1)!.mean] as const] : []));
  if (ends.length === 1) return `from ${ends[0]![0].toFixed(2)} to ${ends[0]![1].toFixed(2)}`;
  const falling = ends.filter(([first, last]) => last < first).length;
  return `falls in ${falling === ends.length ? `all ${ends.length}` : `${falling} of ${ends.length}`} trainings`;
}

function dots({ colour, label }: LossLine, kept: readonly LossPoint[], side: Side): Dataset {
  const faint = `${colour[side]}${FAINT}`;
  return {
    label: `${label}, steps`,
    data: kept.map(({ step, loss }) => ({ x: step, y: loss })),
    pointRadius: 1.3,
    backgroundColor: faint,
    borderColor: faint,
    borderWidth: 0,
  };
}

function mean(
  { colour, label }: LossLine,
  kept: readonly { step: number; mean: number }[],
  dash: number[],
  side: Side,
): Dataset {
  return {
    label,
    data: kept.map(({ step, mean }) => ({ x: step, y: mean })),
    showLine: true,
    pointRadius: 0,
    borderColor: colour[side],
    borderWidth: 2,
    borderDash: dash,
  };
}

function validation({ colour, label, validations }: LossLine, pointStyle: PointStyle, side: Side): Dataset {
  return {
    label: `${label}, validation`,
    data: validations.map(({ step, loss }) => ({ x: step, y: loss })),
    pointStyle,
    pointRadius: 4,
    backgroundColor: ink.surface[side],
    borderColor: colour[side],
    borderWidth: 1.75,
    clip: false,
  };
}

function describe({ label, validations }: LossLine, kept: readonly { step: number; mean: number }[]): string {
  const [first, last] = [kept[0], kept.at(-1)];
  if (!first || !last) return `${label}: no steps recorded.`;
  const best = validations.reduce<LossPoint | undefined>(
    (best, point) => (best && best.loss <= point.loss ? best : point),
    undefined,
  );
  const text = `${label}: loss from ${first.mean.toFixed(2)} at step ${first.step} to ${last.mean.toFixed(2)} at step ${last.step}`;
  return best ? `${text}, best validation ${best.loss.toFixed(2)} at step ${best.step}.` : `${text}.`;
}
