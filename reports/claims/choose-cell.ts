import { benchmarkName } from '../../datasets/benchmark-name.ts';
import { InputError } from '../../harness/errors.ts';
import { flattenSettings } from '../../harness/flatten-settings.ts';
import { canonicalJson } from '../../harness/suite/canonical-json.ts';
import { settingTexts } from '../../harness/suite/job.ts';
import { type Cell, cellsOf, fullLabel } from '../compare/match-cells.ts';
import type { Run } from '../find-runs.ts';
import type { Claim, Selector } from './claims-schema.ts';

/** Configurations named in a message at most. */
const SHOWN = 6;

/** A side of a claim in one line, as it was written: `clara ratio=4 docs=all`. */
export function selectorText({ id, settings, ...others }: Selector): string {
  const { ratio, model, seed } = others;
  const given = Object.fromEntries(
    Object.entries({ ratio, ...settings, model, seed }).filter(([, value]) => value !== undefined),
  );
  return [id, ...settingTexts(given)].join(' ');
}

/**
 * The one configuration that a side of a claim names, with its runs of all seeds.
 *
 * @throws InputError that says what was matched, where it names none or several.
 */
export function chooseCell(
  runs: readonly Run[],
  selector: Selector,
  { benchmark, ratio }: Pick<Claim, 'benchmark' | 'ratio'>,
): Cell {
  const given = selectorText(selector);
  const ofSystem = onBenchmark(runs, benchmark).filter(({ manifest }) => manifest.system.id === selector.id);
  const hasRatio = ofSystem.some(({ manifest }) => manifest.ratio !== null);
  const wanted = selector.ratio ?? (hasRatio ? ratio : undefined);
  const chosen = ofSystem.filter(
    ({ manifest }) =>
      (wanted === undefined || manifest.ratio === wanted) &&
      (selector.model === undefined || manifest.model?.id === selector.model) &&
      (selector.seed === undefined || manifest.seed === selector.seed) &&
      hasSettings(manifest.settings, selector.settings),
  );
  const cells = chosen.length > 0 ? cellsOf({ given, runs: chosen, isWhole: true }, runs) : [];
  if (cells.length === 1) return cells[0]!;
  const where = benchmark === undefined ? '' : ` on ${benchmark}`;
  const atRatio = wanted === undefined || selector.ratio !== undefined ? '' : ` at ratio ${wanted}`;
  if (cells.length > 1)
    throw new InputError(`${given}${atRatio}${where} names ${cells.length} configurations: ${listed(cells)}`);
  const there = ofSystem.length > 0 ? cellsOf({ given, runs: ofSystem, isWhole: true }, runs) : [];
  throw new InputError(
    `${given}${atRatio}${where} names no run; of the system ${selector.id} there ${there.length === 0 ? 'is none' : `is ${listed(there)}`}`,
  );
}

/** Runs of the benchmark of a name, or else of an id. @throws InputError where there are none. */
function onBenchmark(runs: readonly Run[], wanted: string | undefined): readonly Run[] {
  if (wanted === undefined) return runs;
  const called = runs.filter(({ manifest: { benchmark } }) => {
    const name = benchmarkName(benchmark);
    return name === wanted || `${name}/${benchmark.split}` === wanted;
  });
  if (called.length > 0) return called;
  const ofId = runs.filter(
    ({ manifest: { benchmark } }) => benchmark.id === wanted || `${benchmark.id}/${benchmark.split}` === wanted,
  );
  if (ofId.length > 0) return ofId;
  const names = new Set(runs.map(({ manifest: { benchmark } }) => `${benchmarkName(benchmark)}/${benchmark.split}`));
  throw new InputError(`there is no run on ${wanted}; the runs are on ${[...names].sort().join(', ')}`);
}

function hasSettings(settings: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, unknown>>): boolean {
  const own = new Map([...Object.entries(settings), ...flattenSettings(settings)]);
  return flattenSettings(wanted).every(
    ([key, value]) => own.has(key) && canonicalJson(own.get(key)) === canonicalJson(value),
  );
}

function listed(cells: readonly Cell[]): string {
  const labels = cells.slice(0, SHOWN).map(fullLabel);
  return [...labels, ...(cells.length > SHOWN ? [`and ${cells.length - SHOWN} more`] : [])].join('; ');
}
