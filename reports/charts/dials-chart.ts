import type { Plugin } from 'chart.js';
import type { Chart, Look } from './chart.ts';
import { axisRows, rowsHeight, type AxisRow, type RowGroup } from './grouped-rows.ts';
import { ink } from './palette.ts';
import { describeShare, shareBars, type ShareRow } from './share-bars.ts';

/** Exact match at one value of a dial, and what chance gives there; in percent. */
interface DialRow extends Omit<ShareRow, 'marks'> {
  /** Of a reader who takes any passage with the asked attribute; null where that is not known. */
  readonly attribute: number | null;
  /** Of one who reads no passage. */
  readonly nothing: number;
}

/** Exact match of a system by the difficulty dials of the generated benchmark: one panel a dial, with marks at what chance gives. */
export function dialsChart(system: string, panels: readonly RowGroup<DialRow>[], subtitle: string): Chart {
  const rows = axisRows(
    panels.map(({ heading, rows }) => ({
      heading,
      rows: rows.map((row) => ({ ...row, marks: [row.nothing, ...(row.attribute === null ? [] : [row.attribute])] })),
    })),
  );
  return {
    name: `dials-${system.replace(/[^\p{L}\p{N}_.-]+/gu, '-')}`,
    title: `${system}: ${hardest(panels)}`,
    subtitle: `Exact match by dial, one turned at a time; ${subtitle}; solid mark: any passage with the asked attribute, dotted: no passage`,
    alt: panels
      .map(({ heading, rows }) => `${heading}: ${rows.map((row) => `${row.label} ${describe(row)}`).join('; ')}.`)
      .join(' '),
    height: rowsHeight(rows),
    configuration: (look) => shareBars(rows, 'exact match, % of questions', look, [chanceMarks(rows, look)]),
  };
}

/** Marks across each bar. */
function chanceMarks(rows: readonly AxisRow<DialRow>[], { side }: Look): Plugin<'barWithErrorBars'> {
  return {
    id: 'chance-marks',
    afterDatasetsDraw({ ctx, scales: { x, y } }) {
      if (!x || !y) return;
      const half = 0.45 * (y.getPixelForValue(1) - y.getPixelForValue(0));
      ctx.save();
      ctx.strokeStyle = ink.text[side];
      ctx.lineWidth = 2;
      rows.forEach(({ row }, index) => {
        if (!row) return;
        const middle = y.getPixelForValue(index);
        const mark = (value: number, dash: number[]): void => {
          const at = x.getPixelForValue(value);
          ctx.setLineDash(dash);
          ctx.beginPath();
          ctx.moveTo(at, middle - half);
          ctx.lineTo(at, middle + half);
          ctx.stroke();
        };
        mark(row.nothing, [2, 2]);
        if (row.attribute !== null) mark(row.attribute, []);
      });
      ctx.restore();
    },
  };
}

/** The dial over which exact match moves most, and from where to where. */
function hardest(panels: readonly RowGroup<DialRow>[]): string {
  const spans = panels.map(({ heading, rows }) => {
    const sorted = [...rows].sort((one, other) => one.value - other.value);
    const [low, high] = [sorted[0]!, sorted.at(-1)!];
    return { heading, low, high, span: high.value - low.value };
  });
  const { heading, low, high } = spans.reduce((most, one) => (one.span > most.span ? one : most));
  const told = ({ label, value }: DialRow): string => `${value.toFixed(1)}\u00a0% at ${label}`;
  return `exact match moves most with ${heading}, ${told(high)}, ${told(low)}`;
}

function describe({ attribute, nothing, ...share }: DialRow): string {
  const chance = attribute === null ? '' : `by the attribute alone ${attribute.toFixed(1)}, `;
  return `${describeShare(share)} (${chance}without passages ${nothing.toFixed(1)})`;
}
