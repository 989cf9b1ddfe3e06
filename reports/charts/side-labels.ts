import type { Plugin } from 'chart.js';
import type { Look } from './chart.ts';
import { ink, type Colour } from './palette.ts';
import { wrapLabel } from './wrap-label.ts';

/** A label at the right of the chart for a line that ends at (x, y), in values of the axes. */
export interface SideLabel {
  readonly text: string;
  readonly colour: Colour;
  readonly x: number;
  readonly y: number;
  /** The stroke to the label is dotted inside of the chart, where it crosses what is drawn there. */
  readonly faint?: boolean;
}

/** CSS pixels of a line of a label, and between two labels, so that neither hides the other. */
const LINE = 12;
const GAP = 3;
const LEADER = 14;
const CHARACTER = 6.4;
/** Characters of a label's line: more would leave the chart's lines no room. */
const CHARACTERS = 22;

/** CSS pixels that the labels take at the right. */
export function sideWidth(labels: readonly Pick<SideLabel, 'text'>[]): number {
  const longest = Math.max(0, ...labels.flatMap(({ text }) => wrapLabel(text, CHARACTERS).map(({ length }) => length)));
  return Math.ceil(LEADER + 12 + longest * CHARACTER);
}

/** Writes each line's name beside its end, names of near ends one under the other, tied to their line by a stroke of its colour: no legend is needed. */
export function sideLabels(labels: readonly SideLabel[], { side, font }: Look): Plugin {
  return {
    id: 'side-labels',
    afterDatasetsDraw({ ctx, chartArea: { top, bottom, right }, scales: { x, y } }) {
      if (!x || !y) return;
      const ends = labels
        .map((label) => ({
          ...label,
          lines: wrapLabel(label.text, CHARACTERS),
          from: y.getPixelForValue(label.y),
          left: x.getPixelForValue(label.x),
        }))
        .sort((one, other) => one.from - other.from);
      const places = spread(
        ends.map(({ from, lines }) => ({ wanted: from, height: lines.length * LINE + GAP })),
        { top, bottom },
      );
      ctx.save();
      ctx.font = `11px ${font}`;
      ctx.textBaseline = 'middle';
      ends.forEach(({ lines, colour, from, left, faint }, at) => {
        ctx.strokeStyle = colour[side];
        ctx.lineWidth = 1;
        ctx.setLineDash(faint ? [1, 3] : []);
        ctx.beginPath();
        ctx.moveTo(Math.min(left, right), from);
        ctx.lineTo(right, from);
        ctx.stroke();
        ctx.setLineDash([]);
        ctx.beginPath();
        ctx.moveTo(right, from);
        ctx.lineTo(right + LEADER, places[at]!);
        ctx.stroke();
        ctx.fillStyle = ink.text[side];
        const first = places[at]! - ((lines.length - 1) * LINE) / 2;
        lines.forEach((line, at) => ctx.fillText(line, right + LEADER + 3, first + at * LINE));
      });
      ctx.restore();
    },
  };
}

/** Middles of labels in rising order, moved apart by their heights, as near to where they were as going down and then up gives. */
function spread(
  labels: readonly { readonly wanted: number; readonly height: number }[],
  { top, bottom }: { top: number; bottom: number },
): number[] {
  const places = labels.map(({ wanted }) => wanted);
  const apart = (at: number): number => (labels[at]!.height + labels[at + 1]!.height) / 2;
  for (let at = 0; at < places.length; at++) {
    places[at] = Math.max(places[at]!, at === 0 ? top : places[at - 1]! + apart(at - 1));
  }
  for (let at = places.length - 1; at >= 0; at--) {
    places[at] = Math.min(places[at]!, at === places.length - 1 ? bottom : places[at + 1]! - apart(at));
  }
  return places;
}
