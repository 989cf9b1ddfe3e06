import { benchmarkName } from '../../datasets/benchmark-name.ts';
import { numberCell, picturesBlock } from '../cells.ts';
import type { Picture } from '../charts/render-chart.ts';
import type { Block, Cell, Column, Section, Table } from '../document.ts';
import { groupBy } from '../group-by.ts';
import type { FoundTrainings, Training, TrainingChain } from '../training/find-trainings.ts';
import { finishedPretrainings, questionCount } from '../training/finished-pretraining.ts';
import { chainText, ratioText } from '../training/stage-names.ts';
import { summariseCurve, type CurveSummary } from '../training/summarise-curve.ts';

const GIB = 2 ** 30;
const NONE: Cell = { text: '–' };

/** How the trained systems were trained: their stages, the curves of the losses, and what each stage did and cost. Undefined where no system is trained. */
export function trainingSection(
  { trainings, chains }: FoundTrainings,
  pictures: readonly Picture[],
): Section | undefined {
  if (chains.length === 0) return undefined;
  const rows = trainings.map((training) => ({ training, summary: summariseCurve(training.curve) }));
  const questions = [...groupBy(trainings, ({ manifest }) => manifest.examples.sha256).values()].map(
    ([training]) =>
      `${training!.manifest.examples.count} of ${benchmarkName(training!.manifest.benchmark)} (${training!.manifest.benchmark.split})`,
  );
  return {
    heading: 'Training',
    blocks: [
      {
        kind: 'paragraph',
        text:
          questions.length < 2
            ? `All trained systems were trained on the same questions in the same order: ${questions[0] ?? 'not known'}.`
            : `The systems were not all trained on the same questions: ${questions.join('; ')}. The table of trainings under Provenance says which stage was given which.`,
      },
      {
        kind: 'list',
        items: [...groupBy(chains, chainText)].map(([text, same]) => ({
          term: text,
          text: [...new Set(same.map(({ system }) => system))].join(', '),
        })),
      },
      ...missingBlocks(chains),
      ...finishedPretrainings(trainings).map((text) => ({ kind: 'paragraph', text }) as const),
      ...picturesBlock(pictures),
      ...(rows.length > 0 ? [settingsTable(rows), resultsTable(rows), ...termsTable(rows)] : []),
    ],
  };
}

interface StageRow {
  readonly training: Training;
  readonly summary: CurveSummary;
}

function settingsTable(rows: readonly StageRow[]): Table {
  const { columns, cells } = naming(rows);
  return {
    kind: 'table',
    name: 'training-stages',
    caption: 'Stages of training',
    columns: [
      ...columns,
      { label: 'Steps', numeric: true },
      { label: 'Batch', numeric: true },
      { label: 'Examples', numeric: true },
      { label: 'Learning rate', numeric: true },
      { label: 'Schedule' },
      { label: 'Warm-up', numeric: true },
      { label: 'Floor', numeric: true },
    ],
    notes: [
      'Examples: training questions given. Warm-up: share of the steps over which the learning rate rises from 0. Floor: what the cosine ends at, as a share of the learning rate.',
    ],
    rows: rows.map(({ training, summary }): Cell[] => {
      const { settings } = training.manifest;
      const questions = questionCount(training);
      return [
        ...cells(training),
        stepsCell(settings.steps, summary.steps),
        settingCell(settings.batch),
        questions === null ? NONE : numberCell(questions, 0),
        settingCell(settings.learningRate),
        { text: typeof settings.schedule === 'string' ? settings.schedule : '–' },
        shareCell(settings.warmup),
        settings.schedule === 'cosine' ? shareCell(settings.floor) : NONE,
      ];
    }),
  };
}

function resultsTable(rows: readonly StageRow[]): Table {
  const { columns, cells } = naming(rows);
  return {
    kind: 'table',
    name: 'training-results',
    caption: 'What came of it, and what it cost',
    columns: [
      ...columns,
      { label: 'Loss, first 10\u00a0%', numeric: true },
      { label: 'Loss, last 10\u00a0%', numeric: true },
      { label: 'Best validation', numeric: true },
      { label: 'Tokens a second', numeric: true },
      { label: 'Minutes', numeric: true },
      { label: 'Peak, GiB', numeric: true },
    ],
    rows: rows.map(({ training, summary: { terms, best, tokensPerSecond } }): Cell[] => {
      const loss = terms.find(({ name }) => name === 'loss');
      return [
        ...cells(training),
        loss ? numberCell(loss.first, 3) : NONE,
        loss ? numberCell(loss.last, 3) : NONE,
        best ? { text: `${best.loss.toFixed(3)} (step ${best.step})` } : NONE,
        tokensPerSecond === undefined ? NONE : numberCell(tokensPerSecond, 0),
        numberCell(training.manifest.wallMs / 60_000, 1),
        numberCell(training.manifest.peakMemoryBytes / GIB, 2),
      ];
    }),
    notes: [
      'Loss: what is minimised, means over the first and the last tenth of the steps. Tokens: rows through the decoder, in the steps’ own time. Minutes: working time of the job, loading, validation and checkpoints included.',
    ],
  };
}

/** The parts of losses that have several. */
function termsTable(rows: readonly StageRow[]): Table[] {
  const several = rows.filter(({ summary }) => summary.terms.length > 1);
  if (several.length === 0) return [];
  const { columns, cells } = naming(several);
  return [
    {
      kind: 'table',
      name: 'training-terms',
      caption: 'Terms of the loss',
      columns: [
        ...columns,
        { label: 'Term' },
        { label: 'First 10 %', numeric: true },
        { label: 'Last 10 %', numeric: true },
      ],
      rows: several.flatMap(({ training, summary: { terms } }) =>
        terms
          .filter(({ name }) => name !== 'loss')
          .map(({ name, first, last }): Cell[] => [
            ...cells(training),
            { text: words(name) },
            numberCell(first, 4),
            numberCell(last, 4),
          ]),
      ),
    },
  ];
}

/** The columns that say which training a row is of; models and seeds where there are several. */
function naming(rows: readonly StageRow[]): { columns: Column[]; cells: (training: Training) => Cell[] } {
  const severalModels = new Set(rows.map(({ training }) => training.manifest.model?.id)).size > 1;
  const severalSeeds = new Set(rows.map(({ training }) => training.manifest.seed)).size > 1;
  return {
    columns: [
      { label: 'Stage' },
      { label: 'Systems' },
      ...(severalModels ? [{ label: 'Model' }] : []),
      ...(severalSeeds ? [{ label: 'Seed', numeric: true }] : []),
      { label: 'Nominal ratio', numeric: true },
    ],
    cells: (training) => [
      { text: training.manifest.trainer.id },
      { text: training.systems.join(', ') },
      ...(severalModels ? [{ text: training.manifest.model?.id ?? 'no model' }] : []),
      ...(severalSeeds ? [{ text: String(training.manifest.seed) }] : []),
      { text: ratioText(training) ?? '–' },
    ],
  };
}

function missingBlocks(chains: readonly TrainingChain[]): Block[] {
  const missing = chains.filter((chain) => chain.missing !== null);
  if (missing.length === 0) return [];
  const told = missing.map(({ system, missing }) => `${system}: ${missing}`);
  return [{ kind: 'paragraph', text: `Not found beside the runs, and so not shown: ${told.join('; ')}.` }];
}

/** Steps taken; of how many, where training stopped early. */
function stepsCell(wanted: unknown, done: number): Cell {
  if (typeof wanted !== 'number') return done > 0 ? numberCell(done, 0) : NONE;
  return done === wanted || done === 0 ? numberCell(wanted, 0) : { text: `${done} of ${wanted}` };
}

function settingCell(value: unknown): Cell {
  return typeof value === 'number' ? { text: String(value) } : NONE;
}

function shareCell(share: unknown): Cell {
  return typeof share === 'number' ? { text: `${Number((100 * share).toFixed(2))}\u00a0%` } : NONE;
}

/** `crossEntropy` as `cross entropy`. */
function words(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
