import type { Plugin } from 'chart.js';
import type { Look } from './chart.ts';
import { ink, type Colour } from './palette.ts';
import { shortenLabel } from './shorten-label.ts';

/** A label at the right of the chart for a line that ends at (x, y), in values of the axes. */
export interface SideLabel {
  readonly text: string;
  readonly colour: Colour;
  readonly x: number;
  readonly y: number;
}

/** CSS pixels between two labels' middles, so that neither hides the other. */
const DISTANCE = 14;
const LEADER = 14;
const CHARACTER = 6.4;
/** Characters of a label before it is cut: more would leave the lines no room. */
const CHARACTERS = 23;

/** CSS pixels that the labels take at the right. */
export function sideWidth(labels: readonly Pick<SideLabel, 'text'>[]): number {
  const longest = Math.max(0, ...labels.map(({ text }) => Math.min(text.length, CHARACTERS)));
  return Math.ceil(LEADER + 12 + longest * CHARACTER);
}

/** Writes each line's name beside its end, names of near ends one under the other, tied to their line by a stroke of its colour: no legend is needed. */
export function sideLabels(labels: readonly SideLabel[], { side, font }: Look): Plugin {
  return {
    id: 'side-labels',
    afterDatasetsDraw({ ctx, chartArea: { top, bottom, right }, scales: { x, y } }) {
      if (!x || !y) return;
      const ends = labels
        .map((label) => ({ ...label, from: y.getPixelForValue(label.y), left: x.getPixelForValue(label.x) }))
        .sort((one, other) => one.from - other.from);
      const places = spread(
        ends.map(({ from }) => from),
        { top, bottom },
      );
      ctx.save();
      ctx.font = `11px ${font}`;
      ctx.textBaseline = 'middle';
      ends.forEach(({ text, colour, from, left }, at) => {
        ctx.strokeStyle = colour[side];
        ctx.lineWidth = 1;
        ctx.beginPath();
        ctx.moveTo(Math.min(left, right), from);
        ctx.lineTo(right, from);
        ctx.lineTo(right + LEADER, places[at]!);
        ctx.stroke();
        ctx.fillStyle = ink.text[side];
        ctx.fillText(shortenLabel(text, CHARACTERS), right + LEADER + 3, places[at]!);
      });
      ctx.restore();
    },
  };
}

/** Places in rising order, moved apart to the distance, as near to where they were as going down and then up gives. */
function spread(wanted: readonly number[], { top, bottom }: { top: number; bottom: number }): number[] {
  const places = [...wanted];
  for (let at = 0; at < places.length; at++) {
    places[at] = Math.max(places[at]!, at === 0 ? top : places[at - 1]! + DISTANCE);
  }
  for (let at = places.length - 1; at >= 0; at--) {
    places[at] = Math.min(places[at]!, at === places.length - 1 ? bottom : places[at + 1]! - DISTANCE);
  }
  return places;
}
