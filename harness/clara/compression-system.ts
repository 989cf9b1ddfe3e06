import { z } from 'zod';
import { checkSettings, docsSetting } from '../../baselines/settings.ts';
import { documentText } from '../prompt.ts';
import { expected } from '../expected.ts';
import type { PredictContext, System } from '../system.ts';
import type { TrainingStage } from '../training/training-stage.ts';
import type { CompressorKind } from './compression-settings.ts';
import { compressionShape, endToEndShape, instructionShape, pretrainingShape } from './stage-settings.ts';
import { endToEnd, instruction, pretraining } from './trainers.ts';
import type { VectorAnswering } from './vector-answering.ts';

const stage = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).nullable().default(null);
const K = 'a whole number of at least 1';

const schema = z
  .strictObject({
    ...compressionShape,
    /** Stages that are trained, in this order; null leaves one out. */
    pretraining: stage(pretrainingShape),
    instruction: stage(instructionShape),
    endToEnd: stage(endToEndShape),
    /** Candidates of a test question. */
    docs: docsSetting,
    /** Documents that the generator is given after end-to-end training, the best first; without that stage it is given all candidates in their order. */
    k: z.int(expected(K)).min(1, expected(K)).default(5),
  })
  .check((context) => {
    const { pretraining, instruction, endToEnd } = context.value;
    const issue = (message: string): void =>
      void context.issues.push({ code: 'custom', input: context.value, message });
    if (!pretraining && !instruction)
      issue('expected at least one of the stages pretraining and instruction, got neither');
    if (endToEnd && context.value.memory === 'proportional') {
      issue(
        'memory: expected fixed where a stage endToEnd ranks by the cosine of all vectors end to end, got proportional',
      );
    }
  });

type Settings = z.output<typeof schema>;

/** What tells compression systems apart. */
export interface CompressionSystemSpec {
  readonly id: string;
  readonly description: string;
  readonly compressor: CompressorKind;
  /** Only ranks the candidates. */
  readonly ranksOnly?: boolean;
}

/** A system that answers from vectors of documents and is trained in stages. */
export function compressionSystem({ id, description, compressor, ranksOnly = false }: CompressionSystemSpec): System {
  const read = (given: Readonly<Record<string, unknown>>): Settings => checkSettings(id, schema, given);
  return {
    id,
    description,
    ...(ranksOnly && { answers: false }),
    settings: read,
    length: (example, given) => {
      const { ratio } = read(given);
      return (
        example.question.length + example.docs.reduce((sum, document) => sum + documentText(document).length / ratio, 0)
      );
    },
    training: (given) => stagesOf(read(given), compressor),
    prepare: async (examples, context) => (await answering(context)).prepare(examples, read(context.settings).docs),
    predict: async function* (examples, context) {
      const { docs, k, endToEnd } = read(context.settings);
      const { maxNewTokens, batch, seed } = context;
      const options = { docs, k: endToEnd ? k : null, generate: !ranksOnly, maxNewTokens, batch, seed };
      const answers = await (await answering(context)).answer(examples, options);
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
  const { pretraining: first, instruction: second, endToEnd: third } = settings;
  const { ratio, documentMaxLength, memory, rank, alpha, dropout, modules } = settings;
  const common = { compressor, ratio, documentMaxLength, memory, rank, alpha, dropout, modules };
  let last: TrainingStage | null = null;
  for (const [trainer, own] of [
    [pretraining, first],
    [instruction, second],
    [endToEnd, third],
  ] as const) {
    // prettier-ignore
    if (own) last = { trainer, settings: { ...common, ...own }, from: last };
  }
  return last;
}

let open: { key: string; answering: Promise<VectorAnswering> } | undefined;

/** The checkpoint of a job, opened once for all of its blocks; another job's is closed. */
async function answering({ trained, cache, model }: PredictContext): Promise<VectorAnswering> {
  if (!trained) throw new Error('a compression system needs its trained folder');
  const base = await model();
  const key = `${trained} ${base.hash}`;
  if (open?.key !== key) {
    const { VectorAnswering } = await import('./vector-answering.ts');
    await open?.answering.then((old) => old.dispose(), () => undefined); // prettier-ignore
    open = { key, answering: VectorAnswering.open(base, trained, cache) };
  }
  return open.answering;
}
