import type { Interval } from '../../harness/statistics/interval.ts';
import type { RunningMean } from '../../harness/statistics/running-mean.ts';
import { failureNotes, meanCell, nameCell, numberCell, picturesBlock, scoredCell } from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import { phases } from '../charts/time-chart.ts';
import type { Cell, Section, Table } from '../document.ts';
import { efficiencyOf, type Efficiency } from '../efficiency.ts';
import { facetsOf } from '../facets-of.ts';
import { groupBy } from '../group-by.ts';
import { machineText } from '../machine-text.ts';
import { ratioCells, ratioColumns } from '../ratio-cells.ts';
import { scoreOf, type ReportRow } from '../report-row.ts';
import { tableName } from '../table-name.ts';

const GIB = 2 ** 30;
const NONE: Cell = { text: '–' };

/** Time and memory a question, online and offline side by side, then tokens: a table each a benchmark and model. */
export function efficiencySection(rows: readonly ReportRow[], pictures: readonly Picture[]): Section {
  const machines = [...new Set(rows.map(({ manifest }) => machineText(manifest)))];
  const groups = groupBy(efficiencyOf(rows), ({ row }) => row.benchmark);
  return {
    heading: 'Efficiency',
    blocks: [
      {
        kind: 'paragraph',
        text: `Milliseconds a question, means over the questions answered. Online: every question’s documents are compressed for it. Offline: they were compressed beforehand, as a collection that many questions share is, and compressing is left out. Speed-up: the time of the system text (or text-lora) with the same candidate documents, on the same machine and in batches of the same size, divided by the row’s own. In brackets: 95 % intervals, of which each batch is one measurement: Student’s t of the batches’ means, and for speed-ups the delta method on the logarithm. Peak memory is that of the whole process. Jobs that ran at the same time shared the machine. ${
          machines.length === 1
            ? `All rows: ${machines[0]}.`
            : `Machines: ${machines.map((text, at) => `(${letter(at)}) ${text}`).join('; ')}; times of different ones cannot be compared.`
        }`,
      },
      ...picturesBlock(pictures),
      ...[...groups.values()].map((group) => efficiencyTable(group, machines)),
      ...[...groups.values()]
        .map((group) => group.map(({ row }) => row).filter((row) => scoreOf(row, 'tokens-prompt')))
        .filter((group) => group.length > 0)
        .map(tokensTable),
    ],
  };
}

function efficiencyTable(group: readonly Efficiency[], machines: readonly string[]): Table {
  const rows = group.map(({ row }) => row);
  const models = modelNames(rows);
  const shown = phases.filter((phase) => group.some(({ ms }) => ms.has(phase)));
  const unlike = group.filter(({ speedUp }) => typeof speedUp === 'string' && speedUp in REASONS);
  return {
    kind: 'table',
    name: tableName('efficiency', rows[0]!.benchmark),
    caption: `${rows[0]!.benchmark}${models.length === 1 ? `, ${models[0]}` : ''}: milliseconds a question, speed-up and memory`,
    columns: [
      { label: 'System' },
      ...(models.length > 1 ? [{ label: 'Model' }] : []),
      { label: 'n', numeric: true },
      { label: 'Batches', numeric: true },
      ...ratioColumns,
      ...shown.map((phase) => ({ label: `${phase}, ms`, numeric: true })),
      { label: 'Online total, ms', numeric: true },
      { label: 'Offline total, ms', numeric: true },
      { label: 'Speed-up online', numeric: true },
      { label: 'Speed-up offline', numeric: true },
      { label: 'Peak, GiB', numeric: true },
      { label: 'Batch', numeric: true },
      ...(machines.length > 1 ? [{ label: 'Machine' }] : []),
    ],
    facets: rows.map(facetsOf),
    rows: group.map(({ row, ms, speedUp }): Cell[] => [
      nameCell(row),
      ...(models.length > 1 ? [{ text: row.model }] : []),
      scoredCell(row),
      { text: String(ms.get('online')?.n ?? 0) },
      ...ratioCells(row),
      ...shown.map((phase) => timeCell(ms.get(phase))),
      timeCell(ms.get('online')),
      timeCell(ms.get('offline')),
      ...speedUpCells(speedUp),
      // Of several seeds that which took most.
      numberCell(Math.max(...row.seeds.map(({ manifest }) => manifest.peakMemoryBytes)) / GIB, 2),
      { text: String(row.manifest.batch) },
      ...(machines.length > 1 ? [{ text: letter(machines.indexOf(machineText(row.manifest))) }] : []),
    ]),
    notes: [
      ...[...groupBy(unlike, ({ speedUp }) => String(speedUp))].map(
        ([reason, those]) =>
          `${reason}: ${REASONS[reason as keyof typeof REASONS]} (${those.map(({ row }) => row.label).join('; ')}).`,
      ),
      ...failureNotes(rows),
    ],
  };
}

/** Why a row has no speed-up, where a dash does not say it. */
const REASONS = {
  'no run': 'these runs have no text system with the same candidate documents',
  'not comparable': 'the text system with the same candidate documents ran on another machine or in other batches',
  'not measured': 'the predictions came without times',
};

function speedUpCells(speedUp: Efficiency['speedUp']): Cell[] {
  if (typeof speedUp === 'string') {
    const cell = speedUp === 'no documents' ? NONE : { text: speedUp };
    return [cell, cell];
  }
  return [speedUp.online, speedUp.offline].map(({ ratio, interval }) => measuredCell(ratio, interval, 2, '×'));
}

function timeCell(mean: RunningMean | undefined): Cell {
  return mean ? measuredCell(mean.mean, mean.interval(), 1) : NONE;
}

function measuredCell(value: number, interval: Interval | null, digits: number, unit = ''): Cell {
  const text = `${numberCell(value, digits).text}${unit}`;
  if (!interval) return { text, value };
  // A time is not under 0, whatever few batches with a large spread suggest.
  const [low, high] = [Math.max(0, interval.low), interval.high];
  return { text: `${text} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`, value, low, high };
}

function tokensTable(rows: readonly ReportRow[]): Table {
  const models = modelNames(rows);
  return {
    kind: 'table',
    name: tableName('tokens', rows[0]!.benchmark),
    caption: `${rows[0]!.benchmark}${models.length === 1 ? `, ${models[0]}` : ''}: tokens a question`,
    columns: [
      { label: 'System' },
      ...(models.length > 1 ? [{ label: 'Model' }] : []),
      { label: 'n', numeric: true },
      ...ratioColumns,
      { label: 'Source tokens', numeric: true },
      { label: 'Vectors', numeric: true },
      { label: 'Prompt tokens', numeric: true },
      { label: 'Cut off', numeric: true },
      { label: 'Output tokens', numeric: true },
    ],
    facets: rows.map(facetsOf),
    rows: rows.map((row) => [
      nameCell(row),
      ...(models.length > 1 ? [{ text: row.model }] : []),
      scoredCell(row),
      ...ratioCells(row),
      meanCell(row, 'tokens-source', 0),
      meanCell(row, 'tokens-vectors', 1),
      meanCell(row, 'tokens-prompt', 0),
      meanCell(row, 'tokens-truncated', 1),
      meanCell(row, 'tokens-output', 1),
    ]),
    notes: [
      'Source: the documents given to the generator, as text, without what was cut off. Vectors: positions in the prompt that stand for them, which are their own tokens where they are read as text.',
      ...failureNotes(rows),
    ],
  };
}

/** The models of these rows; what needs none stands beside each. */
function modelNames(rows: readonly ReportRow[]): string[] {
  return [...new Set(rows.flatMap(({ manifest, model }) => (manifest.model ? [model] : [])))];
}

function letter(at: number): string {
  return String.fromCharCode(97 + (at % 26));
}
