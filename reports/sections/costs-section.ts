import { failureNotes, meanCell, nameCell, numberCell, picturesBlock, scoredCell } from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import { phases } from '../charts/time-chart.ts';
import type { Cell, Section } from '../document.ts';
import { facetsOf } from '../facets-of.ts';
import { ratioCells, ratioColumns } from '../ratio-cells.ts';
import { scoreOf, type ReportRow } from '../report-row.ts';
import type { RunManifest } from '../../harness/store/run-manifest.ts';

const GIB = 2 ** 30;

/** Tokens, time and memory a question, with the machine and the batch that the times were measured with. */
export function costsSection(rows: readonly ReportRow[], pictures: readonly Picture[]): Section {
  const machines = [...new Set(rows.map(({ manifest }) => machineText(manifest)))];
  const models = [...new Set(rows.map(({ model }) => model))];
  const shown = phases.filter((phase) => rows.some((row) => scoreOf(row, `ms-${phase}`)));
  return {
    heading: 'Costs',
    blocks: [
      {
        kind: 'paragraph',
        text: `Means over the questions answered. Times are a batch’s time divided by its questions, on the machine and with the batch of their row; ${
          machines.length === 1
            ? `all rows: ${machines[0]}`
            : `machines: ${machines.map((text, at) => `(${letter(at)}) ${text}`).join('; ')}`
        }. Times of different machines or batches cannot be compared. Peak memory is that of the whole process.`,
      },
      ...picturesBlock(pictures),
      {
        kind: 'table',
        name: 'costs',
        caption: `Tokens, milliseconds and memory a question${models.length === 1 ? `, ${models[0]}` : ''}`,
        columns: [
          { label: 'System' },
          { label: 'Benchmark' },
          ...(models.length > 1 ? [{ label: 'Model' }] : []),
          { label: 'n', numeric: true },
          ...ratioColumns,
          { label: 'Source tokens', numeric: true },
          { label: 'Prompt tokens', numeric: true },
          { label: 'Cut off', numeric: true },
          { label: 'Output tokens', numeric: true },
          ...shown.map((phase) => ({ label: `${phase}, ms`, numeric: true })),
          { label: 'Total, ms', numeric: true },
          { label: 'Peak, GiB', numeric: true },
          { label: 'Batch', numeric: true },
          ...(machines.length > 1 ? [{ label: 'Machine' }] : []),
        ],
        facets: rows.map(facetsOf),
        rows: rows.map((row): Cell[] => {
          const { manifest } = row;
          return [
            nameCell(row),
            { text: row.benchmark },
            ...(models.length > 1 ? [{ text: row.model }] : []),
            scoredCell(row),
            ...ratioCells(row),
            meanCell(row, 'tokens-source', 0),
            meanCell(row, 'tokens-prompt', 0),
            meanCell(row, 'tokens-truncated', 1),
            meanCell(row, 'tokens-output', 1),
            ...shown.map((phase) => meanCell(row, `ms-${phase}`, 1)),
            meanCell(row, 'ms-total', 1),
            numberCell(manifest.peakMemoryBytes / GIB, 2),
            { text: String(manifest.batch) },
            ...(machines.length > 1 ? [{ text: letter(machines.indexOf(machineText(manifest))) }] : []),
          ];
        }),
        notes: failureNotes(rows),
      },
    ],
  };
}

/** The machine and engine that a run's times hold for. */
export function machineText({ machine, versions }: Pick<RunManifest, 'machine' | 'versions'>): string {
  const { cpu, cores, threads, memoryBytes, platform } = machine;
  return `${cpu.trim()}, ${cores} cores, ${threads} threads, ${(memoryBytes / GIB).toFixed(0)} GiB, ${platform}, ${versions.tensorflow ? `TensorFlow ${versions.tensorflow}` : 'TensorFlow version not recorded'}`;
}

function letter(at: number): string {
  return String.fromCharCode(97 + (at % 26));
}
