import { differentiableAdd } from '../engine/add.ts';
import { headCrossEntropy } from '../engine/cross-entropy.ts';
import { valueAndGradients } from '../engine/differentiable.ts';
import { differentiableGather } from '../engine/differentiable-gather.ts';
import { differentiableScale } from '../engine/differentiable-scale.ts';
import { GraphCache } from '../engine/graph-cache.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { decode, finalNorm } from '../language-model/decoder.ts';
import type { ModelConfig } from '../language-model/model-config.ts';
import { deriveSeed } from '../training/derive-seed.ts';
import type { Trainable } from '../training/trainable.ts';
import type { TrainableWeights } from '../training/trainable-weights.ts';
import type { ConversationReader, LearntSequence } from './conversation-reader.ts';
import { evaluateBinding, type BindingSets } from './evaluate-binding.ts';
import { phaseAt, type Recipe } from './recipe.ts';
import { stepSequences } from './sequences.ts';

/** Sizes are rounded up to multiples of these, so that a few recorded graphs serve all steps. */
const ROWS = 32;
const PLACES = 512;

/** A step of the recipe, whose sequences are drawn when it is taken; or the validation. */
export type PretrainingItem = { readonly step: number } | { readonly sets: BindingSets };

/** Places that predict a token, their labels, and what each counts for. */
interface Predicted {
  readonly places: Tensor;
  readonly labels: Tensor;
  /** Adding up to 1; padding counts nothing. */
  readonly shares: Tensor;
}

interface PretrainingBatch {
  readonly ids: Tensor;
  readonly batch: number;
  readonly rows: number;
  readonly answers: Predicted | null;
  readonly text: Predicted | null;
}

/** Pretraining of all weights: mean cross-entropy of the answers' words, plus `lm` times that of the other text. An item is a whole step. */
export function pretrainingTrainable(
  config: ModelConfig,
  { weights, variables }: TrainableWeights,
  read: ConversationReader,
  recipe: Recipe,
  seed: number,
): Trainable<PretrainingItem> {
  const graphs = new GraphCache();
  const tensors = variables.map(({ variable }) => variable);
  let drawn: { step: number; sequences: readonly LearntSequence[] } | undefined;
  const sequencesOf = (step: number): readonly LearntSequence[] => {
    if (drawn?.step !== step) {
      drawn = { step, sequences: stepSequences(read, phaseAt(recipe, step).phase, deriveSeed(seed, step)) };
    }
    return drawn.sequences;
  };
  const lossOf = (
    { ids, batch, rows, answers, text }: PretrainingBatch,
    lm: number,
  ): { loss: Tensor; parts: Tensor[] } => {
    // prettier-ignore
    const hidden = decode(config, weights, differentiableGather(weights.embedding, ids), { batch, rows }, { trainWeights: true }); // prettier-ignore
    const part = (predicted: Predicted | null): Tensor | null =>
      predicted &&
      headCrossEntropy(
        finalNorm(config, weights, differentiableGather(hidden, predicted.places), true),
        weights.head,
        predicted.labels,
        { trainHead: true, shares: predicted.shares },
      );
    const [answer, other] = [part(answers), part(text)];
    const weighted = other && (lm > 0 || !answer) ? differentiableScale(other, lm) : null;
    const loss = answer && weighted ? differentiableAdd(answer, weighted) : (answer ?? weighted)!;
    return { loss, parts: [answer, other].filter((each) => each !== null) };
  };
  return {
    variables,
    tokens: (item) => ('sets' in item ? 1 : Math.max(1, sequencesOf(item.step).reduce((sum, { ids }) => sum + ids.length, 0))), // prettier-ignore
    gradients: ([item]) => {
      if (!item || !('step' in item)) throw new Error('expected one step');
      const { lm } = phaseAt(recipe, item.step).phase;
      const batch = layOut(sequencesOf(item.step));
      const { ids, answers, text } = batch;
      const predicted = [answers, text].flatMap((each) => (each ? [each.places, each.labels, each.shares] : []));
      const key = [batch.batch, batch.rows, answers?.places.size, text?.places.size, lm].join();
      const [loss, ...rest] = graphs.run(key, [ids, ...predicted, ...tensors], () => {
        let parts: Tensor[] = [];
        const { value, gradients } = valueAndGradients(() => {
          const made = lossOf(batch, lm);
          parts = made.parts.map((each) => tf.keep(each));
          return made.loss;
        }, tensors);
        return [value, ...parts, ...gradients];
      });
      tf.dispose([ids, ...predicted]);
      const names = [...(answers ? ['answer'] : []), ...(text ? ['text'] : [])];
      const terms = Object.fromEntries(names.map((name, i) => [name, rest[i]!]));
      return { terms: { loss: loss!, ...terms }, gradients: rest.slice(names.length) };
    },
    evaluate: ([item]) => {
      if (!item || !('sets' in item)) throw new Error('expected the validation');
      const terms = evaluateBinding(config, weights, item.sets);
      return Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, tf.scalar(value)])) as Record<string, Tensor> & { loss: Tensor }; // prettier-ignore
    },
    dispose: () => graphs.dispose(),
  };
}

/** Sequences as a batch, everything padded to a rounded size. */
function layOut(sequences: readonly LearntSequence[]): PretrainingBatch {
  const rows = roundUp(Math.max(...sequences.map(({ ids }) => ids.length)), ROWS);
  const padded = new Int32Array(sequences.length * rows);
  sequences.forEach(({ ids }, i) => padded.set(ids, i * rows));
  const predicted = (role: 'answer' | 'text'): Predicted | null => {
    const places: number[] = [];
    const labels: number[] = [];
    sequences.forEach(({ ids, roles }, i) => {
      for (let at = 1; at < ids.length; at++) {
        if (roles[at] !== role) continue;
        places.push(i * rows + at - 1);
        labels.push(ids[at]!);
      }
    });
    if (places.length === 0) return null;
    const size = roundUp(places.length, role === 'answer' ? sequences.length : PLACES);
    const shares = new Float32Array(size).fill(1 / places.length, 0, places.length);
    const integers = (values: readonly number[]): Tensor => tf.tensor1d([...values, ...new Array<number>(size - values.length).fill(0)], 'int32'); // prettier-ignore
    return { places: integers(places), labels: integers(labels), shares: tf.tensor1d(shares) };
  };
  return {
    ids: tf.tensor1d(padded, 'int32'),
    batch: sequences.length,
    rows,
    answers: predicted('answer'),
    text: predicted('text'),
  };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
