import { InputError } from '../errors.ts';
import type { LinearWeights } from '../engine/linear.ts';
import { gatherRows, transpose } from '../engine/kernels.ts';
import { tf, type Tensor } from '../engine/tensorflow.ts';
import { moduleParent, type LinearModule } from './linear-modules.ts';
import type { ModelConfig } from './model-config.ts';
import { pairedRows } from './rotary-order.ts';
import type { WeightSource } from './weights/weight-source.ts';

/** One decoder block's weights. */
export interface BlockWeights extends Record<LinearModule, LinearWeights> {
  readonly attentionNorm: Tensor;
  readonly feedForwardNorm: Tensor;
  /** Norms of each head's queries and keys (Qwen3), [headSize] in the engine's rotary order. */
  readonly queryNorm?: Tensor;
  readonly keyNorm?: Tensor;
}

/** A decoder's weights on the engine. */
export interface DecoderWeights {
  /** [vocabulary, hidden] */
  readonly embedding: Tensor;
  readonly blocks: readonly BlockWeights[];
  readonly finalNorm: Tensor;
  /** [vocabulary, hidden]; the embedding itself where the two are tied. */
  readonly head: Tensor;
}

/**
 * Reads a decoder's weights tensor by tensor into the engine, as float32. Beside the weights themselves it holds one tensor at a time.
 *
 * @throws InputError naming every tensor that is missing or has another shape than the configuration says
 */
export async function loadDecoderWeights(
  config: ModelConfig,
  source: WeightSource,
  onTensor: (done: number, total: number) => void = () => undefined,
): Promise<DecoderWeights> {
  const { hiddenSize, headSize, heads, keyValueHeads, intermediateSize, vocabularySize } = config;
  const queryOrder = pairedRows(config, heads);
  const keyOrder = pairedRows(config, keyValueHeads);
  const normOrder = pairedRows(config, 1);
  checkShapes(config, source);

  const total = source.names().length;
  let done = 0;
  const loaded: Tensor[] = [];
  const upload = async (
    name: string,
    shape: readonly number[],
    make: (whole: Tensor) => Tensor = (x) => x.clone(),
  ): Promise<Tensor> => {
    const values = await source.read(name);
    const tensor = tf.tidy(() => make(tf.tensor(values, shape as number[])));
    onTensor(++done, total);
    loaded.push(tensor);
    return tensor;
  };
  const rows = (whole: Tensor, order: readonly number[]): Tensor =>
    gatherRows(whole, tf.tensor1d(order as number[], 'int32'));
  const matrix = (name: string, out: number, inside: number, order?: readonly number[]): Promise<Tensor> =>
    upload(name, [out, inside], (whole) => transpose(order ? rows(whole, order) : whole, [1, 0]));
  const vector = (name: string, size: number, order?: readonly number[]): Promise<Tensor> =>
    upload(name, [size], order ? (whole) => rows(whole, order) : undefined);

  try {
    const embedding = await upload('model.embed_tokens.weight', [vocabularySize, hiddenSize]);
    const blocks: BlockWeights[] = [];
    for (let layer = 0; layer < config.layers; layer++) {
      const name = (module: LinearModule, kind = 'weight'): string =>
        `model.layers.${layer}.${moduleParent(module)}.${module}.${kind}`;
      const projection = async (
        module: LinearModule,
        out: number,
        inside: number,
        order?: readonly number[],
        bias = false,
      ): Promise<LinearWeights> => ({
        weight: await matrix(name(module), out, inside, order),
        ...(bias && { bias: await vector(name(module, 'bias'), out, order) }),
      });
      /** Projections that the file holds as one matrix are cut apart by rows. */
      const fused = async (
        tensor: string,
        parts: readonly { out: number; order?: readonly number[] }[],
      ): Promise<LinearWeights[]> => {
        const values = await source.read(tensor);
        onTensor(++done, total);
        let from = 0;
        return parts.map(({ out, order }) => {
          const part = values.subarray(from * hiddenSize, (from + out) * hiddenSize);
          from += out;
          const weight = tf.tidy(() => {
            const whole = tf.tensor2d(part.slice(), [out, hiddenSize]);
            return transpose(order ? rows(whole, order) : whole, [1, 0]);
          });
          loaded.push(weight);
          return { weight };
        });
      };

      const prefix = `model.layers.${layer}`;
      const width = keyValueHeads * headSize;
      const attention = source.shape(`${prefix}.self_attn.qkv_proj.weight`)
        ? await fused(`${prefix}.self_attn.qkv_proj.weight`, [
            { out: heads * headSize, order: queryOrder },
            { out: width, order: keyOrder },
            { out: width },
          ])
        : [
            await projection('q_proj', heads * headSize, hiddenSize, queryOrder, config.attentionBias),
            await projection('k_proj', width, hiddenSize, keyOrder, config.attentionBias),
            await projection('v_proj', width, hiddenSize, undefined, config.attentionBias),
          ];
      const feedForward = source.shape(`${prefix}.mlp.gate_up_proj.weight`)
        ? await fused(`${prefix}.mlp.gate_up_proj.weight`, [{ out: intermediateSize }, { out: intermediateSize }])
        : [
            await projection('gate_proj', intermediateSize, hiddenSize),
            await projection('up_proj', intermediateSize, hiddenSize),
          ];
      blocks.push({
        q_proj: attention[0]!,
        k_proj: attention[1]!,
        v_proj: attention[2]!,
        o_proj: await projection('o_proj', hiddenSize, heads * headSize),
        gate_proj: feedForward[0]!,
        up_proj: feedForward[1]!,
        down_proj: await projection('down_proj', hiddenSize, intermediateSize),
        attentionNorm: await vector(`${prefix}.input_layernorm.weight`, hiddenSize),
        feedForwardNorm: await vector(`${prefix}.post_attention_layernorm.weight`, hiddenSize),
        ...(config.queryKeyNorm && {
          queryNorm: await vector(`${prefix}.self_attn.q_norm.weight`, headSize, normOrder),
          keyNorm: await vector(`${prefix}.self_attn.k_norm.weight`, headSize, normOrder),
        }),
      });
    }
    return {
      embedding,
      blocks,
      finalNorm: await vector('model.norm.weight', hiddenSize),
      head: config.tiedEmbeddings ? embedding : await upload('lm_head.weight', [vocabularySize, hiddenSize]),
    };
  } catch (error) {
    for (const tensor of loaded) tensor.dispose();
    throw error;
  }
}

/** Frees a decoder's weights. */
export function disposeDecoderWeights(weights: DecoderWeights): void {
  const { embedding, finalNorm, head, blocks } = weights;
  for (const tensor of new Set([embedding, finalNorm, head])) tensor.dispose();
  for (const block of blocks) tf.dispose(block as unknown as Record<string, Tensor>);
}

/** Every tensor that the configuration asks for is there and has its shape: all that is wrong is said before the first byte is read. */
function checkShapes(config: ModelConfig, source: WeightSource): void {
  const { hiddenSize, headSize, heads, keyValueHeads, intermediateSize, vocabularySize } = config;
  const query = heads * headSize;
  const key = keyValueHeads * headSize;
  const expected = new Map<string, readonly number[]>([
    ['model.embed_tokens.weight', [vocabularySize, hiddenSize]],
    ['model.norm.weight', [hiddenSize]],
    ...(config.tiedEmbeddings ? [] : [['lm_head.weight', [vocabularySize, hiddenSize]] as const]),
  ]);
  for (let layer = 0; layer < config.layers; layer++) {
    const prefix = `model.layers.${layer}`;
    const either = (
      whole: string,
      shape: readonly number[],
      parts: readonly (readonly [string, readonly number[]])[],
    ): void => {
      if (source.shape(`${prefix}.${whole}`)) expected.set(`${prefix}.${whole}`, shape);
      else for (const [name, size] of parts) expected.set(`${prefix}.${name}`, size);
    };
    either(
      'self_attn.qkv_proj.weight',
      [query + 2 * key, hiddenSize],
      [
        ['self_attn.q_proj.weight', [query, hiddenSize]],
        ['self_attn.k_proj.weight', [key, hiddenSize]],
        ['self_attn.v_proj.weight', [key, hiddenSize]],
      ],
    );
    either(
      'mlp.gate_up_proj.weight',
      [2 * intermediateSize, hiddenSize],
      [
        ['mlp.gate_proj.weight', [intermediateSize, hiddenSize]],
        ['mlp.up_proj.weight', [intermediateSize, hiddenSize]],
      ],
    );
    expected.set(`${prefix}.self_attn.o_proj.weight`, [hiddenSize, query]);
    expected.set(`${prefix}.mlp.down_proj.weight`, [hiddenSize, intermediateSize]);
    expected.set(`${prefix}.input_layernorm.weight`, [hiddenSize]);
    expected.set(`${prefix}.post_attention_layernorm.weight`, [hiddenSize]);
    if (config.attentionBias) {
      expected.set(`${prefix}.self_attn.q_proj.bias`, [query]);
      expected.set(`${prefix}.self_attn.k_proj.bias`, [key]);
      expected.set(`${prefix}.self_attn.v_proj.bias`, [key]);
    }
    if (config.queryKeyNorm) {
      expected.set(`${prefix}.self_attn.q_norm.weight`, [headSize]);
      expected.set(`${prefix}.self_attn.k_norm.weight`, [headSize]);
    }
  }
  const problems: string[] = [];
  for (const [name, shape] of expected) {
    const got = source.shape(name);
    if (!got) problems.push(`weights: expected a tensor ${name} of shape [${shape.join(', ')}], got none of that name`);
    else if (got.join() !== shape.join()) {
      problems.push(`weights: expected ${name} of shape [${shape.join(', ')}], got [${got.join(', ')}]`);
    }
  }
  if (problems.length > 0)
    throw new InputError(
      problems.length > 20 ? [...problems.slice(0, 20), `and ${problems.length - 20} more`] : problems,
    );
}
