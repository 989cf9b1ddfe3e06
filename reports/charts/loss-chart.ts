import type { ChartConfiguration, ChartDataset } from 'chart.js';
import { smooth } from '../../harness/statistics/smooth.ts';
import { ink, type Colour } from './palette.ts';
import type { Chart, Look } from './chart.ts';
import { sideLabels, sideWidth } from './side-labels.ts';

/** The loss after a step. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** One training: the loss of its steps, and of its validations. */
export interface LossLine {
  readonly label: string;
  readonly colour: Colour;
  readonly steps: readonly LossPoint[];
  readonly validations: readonly LossPoint[];
}

type Dataset = ChartDataset<'scatter'>;
type Side = Look['side'];

/** The running mean reaches this share of the steps to either side. */
const REACH = 0.025;
/** Points drawn of one line: more are a blot, and make a large file. The mean is of all steps. */
const POINTS = 240;
const FAINT = '59';
const DASHES: readonly number[][] = [[], [7, 4], [2, 3], [8, 3, 2, 3]];
const MARKERS = ['circle', 'rect', 'triangle', 'rectRot'] as const;

/** The loss of a stage over its steps, one line a training: the running mean, the steps themselves faint, and validations as hollow markers. */
export function lossChart(name: string, title: string, lines: readonly LossLine[], subtitle: string): Chart {
  const drawn = lines.map((line) => {
    const losses = line.steps.map(({ loss }) => loss);
    const means = smooth(losses, Math.round(losses.length * REACH));
    const every = Math.ceil(losses.length / POINTS);
    const kept = line.steps.flatMap(({ step, loss }, at) =>
      at % every === 0 || at === losses.length - 1 ? [{ step, loss, mean: means[at]! }] : [],
    );
    return { line, kept, every };
  });
  const labels = drawn.flatMap(({ line: { label, colour }, kept }) => {
    const last = kept.at(-1);
    return last ? [{ text: label, colour, x: last.step, y: last.mean }] : [];
  });
  const every = Math.max(...drawn.map(({ every }) => every));
  return {
    name,
    title: `${title}: ${course(drawn.map(({ kept }) => kept))}`,
    subtitle: [
      subtitle,
      `lines: running mean over ${(200 * REACH).toFixed(0)}\u00a0% of the steps`,
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
            ...drawn.map(({ line, kept }, at) => mean(line, kept, DASHES[at % DASHES.length]!, side)),
            ...drawn.map(({ line }, at) => validation(line, MARKERS[at % MARKERS.length]!, side)),
          ],
        },
        options: {
          scales: {
            x: {
              beginAtZero: true,
              max: Math.max(...labels.map(({ x }) => x)),
              title: { display: true, text: 'step', color: ink.muted[side] },
              ticks: { color: ink.muted[side], maxRotation: 0, includeBounds: false },
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

function validation(
  { colour, label, validations }: LossLine,
  pointStyle: (typeof MARKERS)[number],
  side: Side,
): Dataset {
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
