import { benchmarkName } from '../datasets/benchmark-name.ts';
import type { RunManifest } from '../harness/store/run-manifest.ts';
import { memoryTokenSettings } from '../harness/clara/stage-settings.ts';
import type { Run } from './find-runs.ts';
import { loraSettings } from '../harness/training/lora-settings.ts';
import { trainingSettings } from '../harness/training/training-settings.ts';
import { flattenSettings, type NamedSetting } from '../harness/flatten-settings.ts';
import { groupBy } from './group-by.ts';
import { seedGroups } from './seed-groups.ts';

/** How a run is called in tables and charts: as short as its being told apart from the other runs allows. */
export interface RunNames {
  /** The system with the settings that tell its runs from others, without its ratio: `text-budget (gold)`. */
  readonly family: string;
  /** The family with its ratio, the same for all seeds: `text-budget (gold) 4×`. */
  readonly configuration: string;
  /** The configuration, with its seed where the report has several: `text-budget (gold) 4× seed 1`. */
  readonly label: string;
  /** The benchmark's name, with its split where the report has several of it. */
  readonly benchmark: string;
  /** The model's id, or `no model`. */
  readonly model: string;
}

/** Names for every run of a report, in the order of the runs. */
export function nameRuns(runs: readonly Run[]): RunNames[] {
  const manifests = runs.map(({ manifest }) => manifest);
  const telling = tellingSettings(manifests);
  const [questionsOf, weightsOf] = [hashesOf(manifests, questionsName), hashesOf(manifests, modelName)];
  const severalSeeds = new Set(manifests.map(({ seed }) => seed)).size > 1;
  const names = manifests.map((manifest) => {
    const settings = shownSettings(manifest)
      .filter(([key]) => telling.get(manifest.system.id)!.has(key))
      .map(([key, value]) => {
        const short = shortKey(key);
        if (value === null) return `no ${short}`;
        return typeof value === 'string' ? value : `${short} ${JSON.stringify(value)}`;
      });
    const system = manifest.system.id;
    const family = settings.length > 0 ? `${system} (${settings.join(', ')})` : system;
    const ratio = manifest.ratio === null ? '' : ` ${manifest.ratio}×`;
    const sameBenchmark = manifests.filter(({ benchmark }) => benchmark.id === manifest.benchmark.id);
    const severalSplits = new Set(sameBenchmark.map(({ benchmark }) => benchmark.split)).size > 1;
    const { split } = manifest.benchmark;
    const name = benchmarkName(manifest.benchmark);
    return {
      family,
      configuration: `${family}${ratio}`,
      benchmark: `${severalSplits ? `${name} (${split})` : name}${questionsOf(manifest)}`,
      model: manifest.model ? `${manifest.model.id}${weightsOf(manifest)}` : 'no model',
    };
  });
  return tellApart(names, runs).map((name, at) => ({
    ...name,
    label: severalSeeds ? `${name.configuration} seed ${manifests[at]!.seed}` : name.configuration,
  }));
}

/** A name and the hash of what it stands for. */
type NamedHash = readonly [name: string, hash: string];

function questionsName({ benchmark, examples }: RunManifest): NamedHash {
  return [JSON.stringify([benchmarkName(benchmark), benchmark.split]), examples.sha256];
}

function modelName({ model }: RunManifest): NamedHash {
  return [model?.id ?? '', model?.hash ?? ''];
}

/** What is put behind a name that stands for several things: the beginning of the hash. Their runs are shown side by side only where that was asked for, and never as one. */
function hashesOf(
  manifests: readonly RunManifest[],
  named: (manifest: RunManifest) => NamedHash,
): (manifest: RunManifest) => string {
  const groups = groupBy(manifests.map(named), ([name]) => name);
  return (manifest) => {
    const [name, own] = named(manifest);
    return groups.get(name)!.some(([, hash]) => hash !== own) ? ` #${own.slice(0, 6)}` : '';
  };
}

/** A run's settings as `key=value;...`, all of them: what `results.csv` names a setting by. */
export function settingText(manifest: RunManifest): string {
  return [...shownSettings(manifest), ['model', manifest.model?.id ?? 'none']]
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(';');
}

/** Keys of settings as they stand in names, where every character counts. */
function shortKey(key: string): string {
  return key.replace(/^endToEnd\b/, 'e2e').replace(/^max-new-tokens$/, 'tokens');
}

/** Everything that a user sets on a run, but the ratio and the seed, which are shown by themselves. Those of a stage of training have its name before theirs. */
function shownSettings({ settings, maxNewTokens }: RunManifest): NamedSetting[] {
  return flattenSettings({ ...settings, 'max-new-tokens': maxNewTokens })
    .filter(([key]) => key !== 'ratio')
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Systems differ by their nature in how they are trained, which the tables of training tell: in the settings of the loop, of memory tokens, and in those of a stage (`instruction.docs`). */
const TRAINED = new Set(Object.keys({ ...trainingSettings(), ...loraSettings, ...memoryTokenSettings }));

function isOfTraining(key: string): boolean {
  return key.includes('.') || TRAINED.has(key);
}

/**
 * Of each system, the keys of the settings that tell its runs from others: those that vary among them, a stage that some leave out, and those in which another system has
 * none of its values. `text (gold)`, `text (all)` and `text-budget` with all documents need no mark on the last: its reader has met `all` already.
 */
function tellingSettings(manifests: readonly RunManifest[]): Map<string, Set<string>> {
  const values = [...groupBy(manifests, ({ system }) => system.id)].map(([system, runs]) => {
    const byKey = groupBy(runs.flatMap(shownSettings), ([key]) => key);
    return [
      system,
      new Map([...byKey].map(([key, all]) => [key, new Set(all.map(([, value]) => JSON.stringify(value)))])),
    ] as const;
  });
  return new Map(
    values.map(([system, own]) => {
      const apart = (key: string, given: Set<string>): boolean =>
        !isOfTraining(key) &&
        values.some(
          ([, other]) => other.get(key) !== undefined && ![...other.get(key)!].some((value) => given.has(value)),
        );
      const leftOut = (key: string): boolean => [...own.keys()].some((other) => other.startsWith(`${key}.`));
      const telling = [...own].filter(([key, given]) => given.size > 1 || leftOut(key) || apart(key, given));
      return [system, new Set(telling.map(([key]) => key))];
    }),
  );
}

/** Configurations that still have the same names (they differ in something that no name shows) get the beginning of the key of their first run. */
function tellApart(names: readonly Omit<RunNames, 'label'>[], runs: readonly Run[]): Omit<RunNames, 'label'>[] {
  const nameOf = new Map(runs.map((run, at) => [run, names[at]!]));
  const groups = seedGroups(runs).map((group) => ({ group, name: nameOf.get(group[0]!)! }));
  const alike = groupBy(groups, ({ name: { configuration, benchmark, model } }) =>
    JSON.stringify([configuration, benchmark, model]),
  );
  for (const { group, name } of [...alike.values()].filter(({ length }) => length > 1).flat()) {
    const configuration = `${name.configuration} #${group[0]!.manifest.key.slice(0, 6)}`;
    for (const run of group) nameOf.set(run, { ...name, configuration });
  }
  return runs.map((run) => nameOf.get(run)!);
}
