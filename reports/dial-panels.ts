import { chanceWithoutDocuments } from '../datasets/atlas/chance-without-documents.ts';
import { atlasDials, type AtlasDials } from '../datasets/atlas/dials.ts';
import { recallByAttribute } from '../datasets/atlas/recall-by-attribute.ts';
import { groupBy } from './group-by.ts';
import { modelsOf, scoreOf, type ReportRow } from './report-row.ts';

/** A run of which one dial alone is not as in the others. */
interface DialPoint {
  /** The dial's value as tables show it. */
  readonly value: string;
  readonly row: ReportRow;
  /** Shares of questions that are right by chance: of a reader who takes any passage with the asked attribute (null where that is not known), and of one who reads none. */
  readonly chance: { readonly attribute: number | null; readonly nothing: number };
}

/** Exact match of a system against the values of a dial, in rising order. */
interface DialPanel {
  readonly dial: keyof AtlasDials;
  readonly points: readonly DialPoint[];
}

/** The panels of a system. */
export interface DialPanels {
  /** The system with its settings, and its model and the split where the report has several. */
  readonly label: string;
  readonly panels: readonly DialPanel[];
}

/** The dials that change nothing but which questions are drawn, and in which order. */
const NO_DIFFICULTY: readonly string[] = ['seed', 'ask'];

/** Of every system that was asked questions of the generated benchmark with several values of a dial, exact match by that dial, the others being at the values that most of its runs have. */
export function dialPanels(rows: readonly ReportRow[]): DialPanels[] {
  const dialled = rows.flatMap((row) => {
    const dials = scoreOf(row, 'exact-match') && atlasDials.safeParse(row.manifest.benchmark.dials).data;
    return dials ? [{ row, dials }] : [];
  });
  const severalModels = modelsOf(dialled.map(({ row }) => row)).length > 1;
  const severalSplits = new Set(dialled.map(({ row }) => row.manifest.benchmark.split)).size > 1;
  const systems = groupBy(dialled, ({ row }) => JSON.stringify([row.label, row.model, row.manifest.benchmark.split]));
  return [...systems.values()].flatMap((runs) => {
    const { label, model, manifest } = runs[0]!.row;
    const name = [label, ...(severalModels ? [model] : []), ...(severalSplits ? [manifest.benchmark.split] : [])];
    const panels = panelsOf(runs);
    return panels.length > 0 ? [{ label: name.join(', '), panels }] : [];
  });
}

interface DialledRow {
  readonly row: ReportRow;
  readonly dials: AtlasDials;
}

function panelsOf(runs: readonly DialledRow[]): DialPanel[] {
  const names = Object.keys(atlasDials.shape) as (keyof AtlasDials)[];
  const usual = new Map(names.map((name) => [name, mostCommon(runs.map(({ dials }) => dials[name]))]));
  return names.flatMap((dial): DialPanel[] => {
    const alike = runs.filter(({ dials }) =>
      names.every((name) => name === dial || NO_DIFFICULTY.includes(name) || dials[name] === usual.get(name)),
    );
    const points = alike
      .sort((one, other) => Number(one.dials[dial]) - Number(other.dials[dial]))
      .map(({ row, dials }) => ({ value: String(dials[dial] ?? 'none'), row, chance: chanceOf(dials) }));
    const values = new Set(points.map(({ value }) => value));
    return values.size > 1 && !NO_DIFFICULTY.includes(dial) ? [{ dial, points }] : [];
  });
}

function chanceOf(dials: AtlasDials): DialPoint['chance'] {
  // Whoever takes any passage answers comparisons by something else than one value.
  const attribute = dials.comparison === 0 ? recallByAttribute(dials, 1) : null;
  return { attribute, nothing: chanceWithoutDocuments(dials) };
}

function mostCommon<Value>(values: readonly Value[]): Value {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}
