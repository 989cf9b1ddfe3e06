import type { ChartOptions, Plugin, ScriptableScaleContext } from 'chart.js';
import type { Look } from './chart.ts';
import { ink } from './palette.ts';
import { wrapLabel } from './wrap-label.ts';

/** One bar of a chart with horizontal bars. */
export interface Row {
  readonly label: string;
}

/** The rows of one benchmark under its name. */
export interface RowGroup<R extends Row> {
  readonly heading: string;
  readonly rows: readonly R[];
}

/** A row of the axis: a group's heading (without a bar) or a row under it. */
export interface AxisRow<R extends Row> {
  /** Lines. */
  readonly label: readonly string[];
  readonly row: R | null;
}

const ROW_HEIGHT = 23;
/** What each further line of the longest label adds to all rows. */
const LINE_HEIGHT = 11;
/** Title, subtitle and the axis. */
const FRAME_HEIGHT = 110;
/** Characters of a label's line: more would leave the bars no room. */
const LABEL_CHARACTERS = 26;

/** Of the axis, behind the longest bar: for the number at its end. */
const ROOM = 0.16;

/** Headings and rows one under the other, each with the lines that the axis shows: of rows at most so many characters a line. */
export function axisRows<R extends Row>(groups: readonly RowGroup<R>[], characters = LABEL_CHARACTERS): AxisRow<R>[] {
  return groups.flatMap(({ heading, rows }) => [
    { label: [heading], row: null },
    ...rows.map((row) => ({ label: wrapLabel(row.label, characters).map((line) => `   ${line}`), row })),
  ]);
}

/** Height in CSS pixels of a chart with these rows. */
export function rowsHeight(rows: readonly AxisRow<Row>[]): number {
  const lines = Math.max(...rows.map(({ label }) => label.length));
  return FRAME_HEIGHT + rows.length * (ROW_HEIGHT + (lines - 1) * LINE_HEIGHT);
}

/** The axes that every chart with rows shares: names at the left, headings bold, values from zero along the bottom with room for the numbers at the bars' ends. */
export function rowScales(
  rows: readonly AxisRow<Row>[],
  side: Look['side'],
  value: { readonly title: string; readonly max: number; readonly stacked?: boolean },
): NonNullable<ChartOptions<'bar'>['scales']> {
  return {
    y: {
      stacked: value.stacked,
      grid: { display: false },
      ticks: {
        autoSkip: false,
        crossAlign: 'far',
        font: ({ index }: ScriptableScaleContext) => ({ weight: rows[index]?.row ? 'normal' : 'bold' }),
      },
    },
    x: {
      stacked: value.stacked,
      beginAtZero: true,
      max: value.max * (1 + ROOM),
      title: { display: true, text: value.title, color: ink.muted[side] },
      ticks: { color: ink.muted[side], includeBounds: false },
    },
  };
}

/** Writes a text behind each row's bar: `end` gives the place on the value axis and the text. */
export function endLabels<R extends Row>(
  rows: readonly AxisRow<R>[],
  { side, font }: Look,
  end: (row: R) => { readonly at: number; readonly text: string },
): Plugin {
  return {
    id: 'end-labels',
    afterDatasetsDraw({ ctx, scales: { x, y } }) {
      if (!x || !y) return;
      ctx.save();
      ctx.font = `11px ${font}`;
      ctx.fillStyle = ink.text[side];
      ctx.textBaseline = 'middle';
      rows.forEach(({ row }, index) => {
        if (!row) return;
        const { at, text } = end(row);
        ctx.fillText(text, x.getPixelForValue(at) + 6, y.getPixelForValue(index));
      });
      ctx.restore();
    },
  };
}
