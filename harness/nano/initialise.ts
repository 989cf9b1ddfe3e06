import { normalNumbers } from '../training/normal-numbers.ts';
import type { WeightSource } from '../language-model/weights/weight-source.ts';
import { deriveSeed } from '../training/derive-seed.ts';
import { writeInductionCircuit } from './induction-circuit.ts';
import type { Recipe } from './recipe.ts';

/**
 * The first weights of a recipe, in Hugging Face's names and layout ([out, in]). Matrices have standard deviation 1 / sqrt(in), those that write into the residual stream less.
 * Embeddings have 1, and the final norm is 1 / sqrt(hidden): the same function as embeddings of 1 / sqrt(hidden) whose rows are multiplied by sqrt(hidden) at the input only.
 */
export function initialWeights(
  { model: { hidden, layers, heads, headSize, feedForward, theta }, initialisation }: Recipe,
  vocabularySize: number,
  nameIds: readonly number[],
  seed: number,
): WeightSource {
  const { mimetic, logits, induction } = initialisation;
  const residual = initialisation.residual ?? 1 / Math.sqrt(2 * layers);
  const width = heads * headSize;
  const tensors = new Map<string, { shape: number[]; values: Float32Array }>();
  const normal = (name: string, shape: [number, number], deviation: number): Float32Array => {
    const random = normalNumbers(deriveSeed(seed, tensors.size));
    const values = Float32Array.from({ length: shape[0] * shape[1] }, () => deviation * random());
    tensors.set(name, { shape, values });
    return values;
  };
  const norm = (name: string, value: number): void => {
    tensors.set(name, { shape: [hidden], values: new Float32Array(hidden).fill(value) });
  };

  normal('model.embed_tokens.weight', [vocabularySize, hidden], 1);
  for (let layer = 0; layer < layers; layer++) {
    const prefix = `model.layers.${layer}`;
    const rest = Math.sqrt(1 - mimetic ** 2);
    const query = normal(`${prefix}.self_attn.q_proj.weight`, [width, hidden], 1 / Math.sqrt(hidden));
    const key = normal(`${prefix}.self_attn.k_proj.weight`, [width, hidden], 1 / Math.sqrt(hidden));
    key.forEach((value, i) => (key[i] = mimetic * query[i]! + rest * value));
    const values = normal(`${prefix}.self_attn.v_proj.weight`, [width, hidden], 1 / Math.sqrt(hidden));
    const output = normal(`${prefix}.self_attn.o_proj.weight`, [hidden, width], 1 / Math.sqrt(width));
    output.forEach((value, i) => {
      const transposed = values[(i % width) * hidden + Math.floor(i / width)]!;
      output[i] = residual * (mimetic * transposed + rest * value);
    });
    normal(`${prefix}.mlp.gate_proj.weight`, [feedForward, hidden], 1 / Math.sqrt(hidden));
    normal(`${prefix}.mlp.up_proj.weight`, [feedForward, hidden], 1 / Math.sqrt(hidden));
    normal(`${prefix}.mlp.down_proj.weight`, [hidden, feedForward], residual / Math.sqrt(feedForward));
    norm(`${prefix}.input_layernorm.weight`, 1);
    norm(`${prefix}.post_attention_layernorm.weight`, 1);
  }
  norm('model.norm.weight', logits / Math.sqrt(hidden));
  if (induction) {
    const shape = { hidden, heads, headSize, theta, vocabularySize, nameIds };
    writeInductionCircuit((name) => tensors.get(name)!.values, shape, induction);
  }
  return {
    names: () => [...tensors.keys()],
    shape: (name) => tensors.get(name)?.shape,
    read: (name) => Promise.resolve(tensors.get(name)!.values),
    close: () => Promise.resolve(),
  };
}
