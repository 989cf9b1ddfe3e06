import { GraphCache } from '../../engine/graph-cache.ts';
import { tf, type Tensor } from '../../engine/tensorflow.ts';
import type { TargetedSequence } from '../../language-model/language-model-loss.ts';
import type { LossTerms, NamedVariable, Trainable } from '../../training/trainable.ts';
import type { StepOptions } from '../compression-loss.ts';
import type { OwnedCompressionModel } from '../create-compression-model.ts';
import type { TopKOptions } from '../differentiable-top-k.ts';
import { encoderBatch, encoderTensors, type EncoderDocument } from '../encoder-batch.ts';
import { endToEndLoss, supervisedRetrievalLoss } from '../end-to-end-loss.ts';
import { generatorBatch, generatorTensors } from '../generator-batch.ts';
import type { StageOptions } from './compression-trainable.ts';
import { graphLayout } from './graph-layout.ts';
import { stepGradients } from './step-gradients.ts';

/** A question with its candidates' vectors. */
export interface EndToEndItem {
  readonly question: EncoderDocument;
  /** Memory vectors of each candidate end to end, memory * hidden values each. */
  readonly candidates: readonly Float32Array[];
  /** Places of the gold passages among the candidates. */
  readonly gold: readonly number[];
  /** Prompt with k slots, and its answer. */
  readonly prompt: TargetedSequence;
}

/** What end-to-end training learns from: the answers alone, or (the supervised ranker) which passages are gold. */
export type EndToEndObjective =
  { readonly from: 'answers'; readonly topK: TopKOptions } | { readonly from: 'gold'; readonly temperature: number };

/** End-to-end training of query reasoner and generator over frozen document vectors; and of the query reasoner alone by gold passages. */
export function endToEndTrainable(
  model: OwnedCompressionModel,
  variables: readonly NamedVariable[],
  objective: EndToEndObjective,
  options: StageOptions,
): Trainable<EndToEndItem> {
  const graphs = options.recorded && !options.checkpointed ? new GraphCache() : undefined;
  const blockGraphs = options.checkpointed ? new GraphCache() : undefined;
  const { special } = model;
  const parts = objective.from === 'answers' ? ['scoreGap', 'recall'] : [];
  const withBatch = <T>(
    items: readonly EndToEndItem[],
    f: (loss: (step: StepOptions) => LossTerms, tensors: Tensor[], key: string) => T,
  ): T => {
    // prettier-ignore
    const questions = encoderBatch(items.map(({ question }) => question), special, { lay: graphLayout('prompts', graphs !== undefined), positions: model.settings.positions }); // prettier-ignore
    const width = special.memory * model.config.hiddenSize;
    const most = Math.max(...items.map(({ candidates }) => candidates.length));
    const values = new Float32Array(items.length * most * width);
    const present = new Float32Array(items.length * most);
    const gold = new Float32Array(items.length * most);
    items.forEach((item, at) => {
      item.candidates.forEach((vectors, candidate) => values.set(vectors, (at * most + candidate) * width));
      present.fill(1, at * most, at * most + item.candidates.length);
      for (const place of item.gold) gold[at * most + place] = 1;
    });
    const shape = [items.length, most] as [number, number];
    const batch = {
      questions,
      vectors: tf.tensor3d(values, [...shape, width]),
      present: tf.tensor2d(present, shape),
      gold: tf.tensor2d(gold, shape),
    };
    const prompts = generatorBatch(items.map(({ prompt }) => prompt), special, { lay: graphLayout('prompts', graphs !== undefined), targets: graphs ? 16 : 1, stride: special.memory }); // prettier-ignore
    const tensors = [
      ...encoderTensors(questions),
      batch.vectors,
      batch.present,
      batch.gold,
      ...generatorTensors(prompts),
    ];
    const key = [questions, prompts].map(({ rows: { layout } }) => `${layout.shape.batch} x ${layout.shape.rows} in ${layout.total}`); // prettier-ignore
    try {
      const loss = (step: StepOptions): LossTerms => {
        if (objective.from === 'gold') {
          return supervisedRetrievalLoss(model, batch, objective.temperature, step);
        }
        const { terms, indices } = endToEndLoss(model, batch, prompts, objective.topK, step);
        indices.dispose();
        return terms;
      };
      return f(loss, tensors, [...key, prompts.labels.size, ...shape].join(', '));
    } finally {
      tf.dispose(tensors);
    }
  };
  return {
    variables,
    tokens: ({ question, prompt }) =>
      question.ids.length + question.count + (objective.from === 'gold' ? 0 : prompt.ids.length),
    gradients: (items, seed) =>
      withBatch(items, (loss, tensors, key) =>
        stepGradients(loss, variables, { ...options, parts, seed, graphs, blockGraphs, key, tensors }),
      ),
    evaluate: (items) => withBatch(items, (loss) => tf.tidy(() => ({ ...loss({}) }))),
    dispose: () => {
      graphs?.dispose();
      blockGraphs?.dispose();
    },
  };
}
