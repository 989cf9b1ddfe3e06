import { z } from 'zod';
import type { DocumentChoice } from '../../baselines/choose-documents.ts';
import { checkSettings, docsSetting } from '../../baselines/settings.ts';
import { documentText } from '../prompt.ts';
import { expected } from '../expected.ts';
import type { PredictContext, System } from '../system.ts';
import type { TrainingStage } from '../training/training-stage.ts';
import type { CompressorKind } from './compression-settings.ts';
import { finishedPretraining } from './finished-pretraining.ts';
import { compressionShape, finishedShape } from './stage-settings.ts';
import { endToEnd, instruction, pretraining } from './trainers.ts';
import type { VectorAnswering } from './vector-answering.ts';

const K = 'a whole number of at least 1';

/** What a system lets be set of each stage that it can be trained in, by the stage's name. */
interface StageShapes {
  readonly pretraining?: z.ZodRawShape;
  readonly instruction?: z.ZodRawShape;
  readonly endToEnd?: z.ZodRawShape;
}

const compressionSettings = z.object(compressionShape);

/** The trainer of each stage, in their order. */
const TRAINERS = { pretraining, instruction, endToEnd };

/** A stage's settings, checked; null leaves the stage out. */
type Stages = { readonly [Name in keyof StageShapes]: Readonly<Record<string, unknown>> | null };

type Settings = Pick<z.output<typeof compressionSettings>, 'ratio'> &
  Partial<z.output<typeof compressionSettings>> &
  Stages & {
    /** Candidates of a test question. */
    readonly docs: DocumentChoice;
    /** Documents that the generator is given after end-to-end training, the best first; without that stage it is given all candidates in their order. */
    readonly k?: number;
  };

/** What tells compression systems apart. */
export interface CompressionSystemSpec {
  readonly id: string;
  readonly description: string;
  readonly compressor: CompressorKind;
  /** Only ranks the candidates. */
  readonly ranksOnly?: boolean;
  /** What can be set of the compressor and its adapters, CLaRa's settings by default; of what cannot be set, the defaults hold, and as many tokens are read of a document as the ratio says. */
  readonly shape?: z.ZodRawShape;
  readonly stages: StageShapes;
}

/** @param finished whether pretraining is a finished checkpoint */
function settingsSchema(
  { stages: own, shape = compressionShape }: CompressionSystemSpec,
  finished: boolean,
): z.ZodObject {
  const stages: StageShapes = finished ? { ...own, pretraining: finishedShape } : own;
  const stageSettings = Object.entries(stages as Record<string, z.ZodRawShape>).map(
    ([name, shape]) => [name, z.strictObject(shape).nullable().default(null)] as const,
  );
  return z
    .strictObject({
      ...shape,
      ...Object.fromEntries(stageSettings),
      docs: docsSetting,
      ...(stages.endToEnd && { k: z.int(expected(K)).min(1, expected(K)).default(5) }),
    })
    .check((context) => {
      const { pretraining, instruction, endToEnd, memory, ratio } = context.value as unknown as Settings;
      const issue = (message: string): void =>
        void context.issues.push({ code: 'custom', input: context.value, message });
      if (!pretraining && !instruction) {
        const first = Object.keys(stages).filter((name) => name !== 'endToEnd');
        issue(`expected ${first.length > 1 ? `at least one of the stages ${first.join(' and ')}, got neither` : `the stage ${first.join('')}, got none`}`); // prettier-ignore
      }
      const ratios = ratiosOf(pretraining);
      if (ratios && !ratios.includes(ratio))
        issue(`ratio: expected one of pretraining.ratios, ${ratios.join(', ')}, got ${ratio}`);
      if (ratios && memory === 'proportional')
        issue('memory: expected fixed where pretraining.ratios has one pretraining serve several ratios, got proportional'); // prettier-ignore
      if (pretraining?.passages !== undefined && pretraining.data !== 'answers')
        issue(
          `pretraining.data: expected answers where pretraining.passages is given, got ${String(pretraining.data)}`,
        );
      if (endToEnd && memory === 'proportional') {
        issue(
          'memory: expected fixed where a stage endToEnd ranks by the cosine of all vectors end to end, got proportional',
        );
      }
    });
}

/** A system that answers from vectors of documents and is trained in stages. */
export function compressionSystem(spec: CompressionSystemSpec): System {
  const { id, description, compressor, ranksOnly = false } = spec;
  const schema = settingsSchema(spec, false);
  const finishedSchema = spec.stages.pretraining ? settingsSchema(spec, true) : schema;
  const check = (given: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    checkSettings(id, isFinished(given.pretraining) ? finishedSchema : schema, given);
  const read = (given: Readonly<Record<string, unknown>>): Settings => check(given) as unknown as Settings;
  return {
    id,
    description,
    ...(ranksOnly && { answers: false }),
    settings: check,
    length: (example, given) => {
      // Asked for every question of every job of a plan, with settings that `settings` gave: not checked again.
      const { ratio } = given as Pick<Settings, 'ratio'>;
      return (
        example.question.length + example.docs.reduce((sum, document) => sum + documentText(document).length / ratio, 0)
      );
    },
    training: (given) => stagesOf(read(given), compressor),
    prepare: async (examples, context) => {
      const { docs, ratio } = read(context.settings);
      await (await answering(context, ratio)).prepare(examples, docs);
    },
    predict: async function* (examples, context) {
      const { docs, k = null, endToEnd, ratio } = read(context.settings);
      const { maxNewTokens, batch, seed } = context;
      const options = { docs, k: endToEnd ? k : null, generate: !ranksOnly, maxNewTokens, batch, seed };
      const answers = await (await answering(context, ratio)).answer(examples, options);
      for (const [at, { text, ranking, selected, tokens, ms }] of answers.entries()) {
        const ranked = ranking ? { ranking: [...ranking] } : {};
        const { id } = examples[at]!;
        if (ranksOnly) yield { id, prediction: '', ...ranked, ms: { compress: ms.compress, rank: ms.rank } };
        else yield { id, prediction: text, ...ranked, selected: [...selected], tokens, ms };
      }
    },
  };
}

/** The last stage, those before it hanging on it. */
function stagesOf(settings: Settings, compressor: CompressorKind): TrainingStage | null {
  const common = {
    compressor,
    ...compressionSettings.parse({ ...settings, documentMaxLength: settings.documentMaxLength ?? settings.ratio }),
  };
  let last: TrainingStage | null = null;
  for (const [name, trainer] of Object.entries(TRAINERS)) {
    const own = settings[name as keyof Stages];
    if (!own) continue;
    if (isFinished(own)) {
      last = finishedPretraining(own.checkpoint as string, common);
      continue;
    }
    const ratios = ratiosOf(own);
    // What serves several ratios has as many memory tokens as the least of them needs, whichever one the system has.
    last = { trainer, settings: { ...common, ...(ratios && { ratio: ratios[0] }), ...own }, from: last };
  }
  return last;
}

/** Whether a stage's settings name a checkpoint that was finished elsewhere. */
function isFinished(stage: unknown): boolean {
  return typeof stage === 'object' && stage !== null && 'checkpoint' in stage;
}

/** The ratios that a stage serves, where it is trained for several. */
function ratiosOf(stage: Stages[keyof Stages]): readonly number[] | undefined {
  return stage?.ratios as readonly number[] | undefined;
}

let open: { key: string; answering: Promise<VectorAnswering> } | undefined;

/** The checkpoint of a job, opened once for all of its blocks; another job's is closed. */
async function answering({ trained, cache, model }: PredictContext, ratio: number): Promise<VectorAnswering> {
  if (!trained) throw new Error('a compression system needs its trained folder');
  const base = await model();
  // The engine is not loaded for a plan.
  if (base.counting) throw new Error('a compression system needs weights for its prompts');
  const key = `${trained} ${ratio} ${base.hash}`;
  if (open?.key !== key) {
    const { VectorAnswering } = await import('./vector-answering.ts');
    await open?.answering.then((old) => old.dispose(), () => undefined); // prettier-ignore
    open = { key, answering: VectorAnswering.open(base, trained, cache, ratio) };
  }
  return open.answering;
}
