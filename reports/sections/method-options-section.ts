import { z } from 'zod';
import { loraSettings } from '../../harness/training/lora-settings.ts';
import { trainingSettings } from '../../harness/training/training-settings.ts';
import type { Cell, Section } from '../document.ts';
import { flattenSettings, type NamedSetting } from '../../harness/flatten-settings.ts';
import { groupBy } from '../group-by.ts';
import { fixedChoices, methodOptions, type MethodOption } from '../method-options.ts';
import type { FoundTrainings, Training } from '../training/find-trainings.ts';

/** Settings of the training loop that every stage has, with the values that say nothing by themselves. The steps stand in the table of stages. */
const DEFAULTS = new Map<string, unknown>([
  ...flattenSettings(z.object({ ...trainingSettings(), ...loraSettings }).parse({ steps: 1 })),
]);
const ELSEWHERE = new Set(['steps', 'batch', 'learningRate', 'ratio', 'budget.ratio']);
/** Stages of CLaRa's own method. */
const METHOD = /^clara\//;

/** The options of the method that the stages were trained with: those that have a description, and whatever differs from its default. Undefined where no system is trained. */
export function methodOptionsSection({ trainings }: FoundTrainings): Section | undefined {
  const rows = settingRows(trainings);
  if (rows.length === 0) return undefined;
  return {
    heading: 'Method options',
    blocks: [
      {
        kind: 'paragraph',
        text: 'Where CLaRa’s paper and its published code differ, both are offered; this is what was used, with every other setting that is not at the training loop’s default. Steps, batch, learning rate and ratio stand in the table of stages.',
      },
      {
        kind: 'table',
        name: 'method-options',
        caption: 'Settings of the stages of training',
        columns: [
          { label: 'Setting' },
          { label: 'Value' },
          { label: 'What it decides' },
          { label: 'CLaRa’s code' },
          { label: 'CLaRa’s paper' },
          { label: 'Stages' },
        ],
        rows,
        notes: trainings.some(({ manifest }) => METHOD.test(manifest.trainer.id)) ? fixedChoices : [],
      },
    ],
  };
}

function settingRows(trainings: readonly Training[]): Cell[][] {
  const settings = trainings.flatMap((training) =>
    [['from', startOf(training, trainings)] as const, ...flattenSettings(training.manifest.settings)]
      .filter(isTold)
      .map(([name, value]) => ({ name, value, training })),
  );
  return [...groupBy(settings, ({ name, value }) => JSON.stringify([name, value])).values()]
    .sort(([one], [other]) => rank(one!.name) - rank(other!.name))
    .map((same) => {
      const { name, value } = same[0]!;
      const option = optionOf(name);
      return [
        { text: name },
        { text: valueText(value, option) },
        { text: option?.means ?? '–' },
        { text: option?.code ?? '–' },
        { text: option?.paper ?? '–' },
        {
          text: stagesText(
            same.map(({ training }) => training),
            trainings,
          ),
        },
      ];
    });
}

/** The stage whose weights a training starts from, by its trainer where it is in the report. */
function startOf({ manifest: { from } }: Training, trainings: readonly Training[]): string {
  if (!from) return 'the backbone';
  return trainings.find(({ manifest }) => manifest.key === from.key)?.manifest.trainer.id ?? from.folder;
}

/** The stages that a value holds for; of a stage in which it does not hold for all systems, those for which it does. */
function stagesText(held: readonly Training[], all: readonly Training[]): string {
  if (held.length === all.length) return 'all';
  const idOf = ({ manifest }: Training): string => manifest.trainer.id;
  const everywhere = groupBy(all, idOf);
  return [...groupBy(held, idOf)]
    .map(([id, members]) => {
      if (members.length === everywhere.get(id)!.length) return id;
      return `${id} (${[...new Set(members.flatMap(({ systems }) => systems))].join(', ')})`;
    })
    .join('; ');
}

function isTold([name, value]: NamedSetting): boolean {
  if (ELSEWHERE.has(name)) return false;
  const option = optionOf(name);
  if (option && !option.onlyWhereChanged) return true;
  return JSON.stringify(value) !== JSON.stringify(DEFAULTS.get(name));
}

/** Described settings first, in the order of their descriptions. */
function rank(name: string): number {
  const names = Object.keys(methodOptions);
  const at = names.findIndex((option) => methodOptions[option] === optionOf(name));
  return at < 0 ? names.length : at;
}

function optionOf(name: string): MethodOption | undefined {
  const option = [name, name.split('.').at(-1)!].find((known) => Object.hasOwn(methodOptions, known));
  return option === undefined ? undefined : methodOptions[option];
}

function valueText(value: unknown, option: MethodOption | undefined): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const means = option?.values && Object.hasOwn(option.values, text) ? option.values[text] : undefined;
  return means === undefined ? text : `${text}: ${means}`;
}
