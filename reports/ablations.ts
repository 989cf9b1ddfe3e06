import { flattenSettings } from '../harness/flatten-settings.ts';
import { holm } from '../harness/statistics/holm.ts';
import { canonicalJson } from '../harness/suite/canonical-json.ts';
import { groupBy } from './group-by.ts';
import { compareRows, type PairedDifference } from './paired-differences.ts';
import type { ReportRow } from './report-row.ts';

/** A row that differs from a base row of the same system in one setting; the difference is the row's minus the base's. */
export interface Ablation extends PairedDifference {
  /** The setting's path, `alignment.weight`; of a stage that only one of the two has, the stage's name. */
  readonly setting: string;
  readonly base: string;
  readonly changed: string;
}

type Settings = ReadonlyMap<string, string>;

interface Variant {
  readonly row: ReportRow;
  readonly settings: Settings;
}

/** What is known of a training by its key: the questions that it was given, and the key of the one that it starts from. */
export type TrainingQuestions = (
  key: string,
) => { readonly questions: string; readonly from: string | null } | undefined;

/**
 * The ablations among rows that answer, found by their settings alone: of rows of one system, benchmark, model, ratio and choice of documents the base is the one from which
 * most others differ in a single setting; of equal ones that with most stages of training, then the first. What is left is looked through in the same way.
 */
export function ablationsOf(rows: readonly ReportRow[], trainingQuestions: TrainingQuestions): Ablation[] {
  const variants = rows.map((row) => ({ row, settings: settingsOf(row, trainingQuestions) }));
  const groups = groupBy(variants, ({ row: { benchmark, model, manifest } }) =>
    canonicalJson([manifest.system.id, benchmark, model, manifest.ratio, manifest.settings.docs ?? null]),
  );
  const found = [...groups.values()].flatMap(starsOf);
  const corrected = holm(found.map(({ p }) => p));
  return found.map((ablation, at) => ({ ...ablation, correctedP: corrected[at]! }));
}

function starsOf(group: readonly Variant[]): Omit<Ablation, 'correctedP'>[] {
  const around = group.map((base) => ({
    base,
    others: group.flatMap((other) => {
      const change = other === base ? undefined : changeBetween(base.settings, other.settings);
      return change ? [{ other, change }] : [];
    }),
  }));
  const best = around.reduce((best, star) =>
    star.others.length > best.others.length ||
    (star.others.length === best.others.length && star.base.settings.size > best.base.settings.size)
      ? star
      : best,
  );
  if (best.others.length === 0) return [];
  const ablations = best.others.flatMap(({ other, change }) => {
    const difference = compareRows(other.row, best.base.row);
    return difference ? [{ ...difference, ...change }] : [];
  });
  const left = group.filter((one) => one !== best.base && !best.others.some(({ other }) => other === one));
  return [...ablations, ...(left.length > 1 ? starsOf(left) : [])];
}

/** The one setting in which two rows differ; undefined where they differ in none or in several. */
function changeBetween(base: Settings, other: Settings): Pick<Ablation, 'setting' | 'base' | 'changed'> | undefined {
  const unlike = new Set([...base.keys(), ...other.keys()].filter((key) => base.get(key) !== other.get(key)));
  // A stage that one of the two has not, or has in another form, is one setting, however many are in it.
  const stageOf = (key: string): string => key.split('.')[0]!;
  const shapes = (settings: Settings, stage: string): string =>
    [...settings.keys()].filter((key) => stageOf(key) === stage).join();
  const names = new Set(
    [...unlike].map((key) => {
      const stage = stageOf(key);
      return shapes(base, stage) === shapes(other, stage) ? key : stage;
    }),
  );
  // How many documents a ranking leaves says nothing where nothing ranks them.
  if (names.has('endToEnd')) names.delete('k');
  const [setting, ...more] = names;
  if (setting === undefined || more.length > 0) return undefined;
  return { setting, base: valueOf(base, setting), changed: valueOf(other, setting) };
}

function valueOf(settings: Settings, name: string): string {
  const value = settings.get(name);
  if (value !== undefined) return value === 'null' ? 'none' : value;
  const inner = [...settings].filter(([key]) => key.startsWith(`${name}.`));
  if (inner.length === 0) return 'none';
  return inner.length === 1 ? `${inner[0]![0].slice(name.length + 1)} ${inner[0]![1]}` : 'as set';
}

/** Everything that was set of a row, but what its group shares, and the questions of its trainings. */
function settingsOf({ manifest }: ReportRow, trainingQuestions: TrainingQuestions): Settings {
  const given = flattenSettings({ ...manifest.settings, maxNewTokens: manifest.maxNewTokens });
  const questions: string[] = [];
  for (let key = manifest.trained, last = new Set<string>(); key !== null && !last.has(key);) {
    last.add(key);
    const training = trainingQuestions(key);
    if (training) questions.push(training.questions);
    key = training?.from ?? null;
  }
  return new Map([
    ...given.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const),
    ...(questions.length > 0 ? [['training questions', [...new Set(questions)].join('; ')] as const] : []),
  ]);
}
