import { open } from 'node:fs/promises';
import { InputError } from '../../errors.ts';
import { readGgufHeader, type GgufTensor, type GgufValue } from './gguf-header.ts';
import { readTensor } from './read-tensor.ts';
import type { WeightSource } from './weight-source.ts';

/** An opened GGUF file: its metadata, its weights under their Hugging Face names, and those that have none under their own. */
export interface GgufFile {
  readonly file: string;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly weights: WeightSource;
}

const LAYER_NAMES: Readonly<Record<string, string>> = {
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_qkv: 'self_attn.qkv_proj',
  attn_output: 'self_attn.o_proj',
  attn_q_norm: 'self_attn.q_norm',
  attn_k_norm: 'self_attn.k_norm',
  ffn_norm: 'post_attention_layernorm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
};
const MODEL_NAMES: Readonly<Record<string, string>> = {
  token_embd: 'model.embed_tokens',
  output_norm: 'model.norm',
  output: 'lm_head',
};

/**
 * Opens a GGUF file. Only its header is read; each tensor's bytes are read and unpacked when asked for.
 *
 * @throws InputError where the file is missing or its header is wrong.
 */
export async function openGguf(file: string): Promise<GgufFile> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${file}: expected a GGUF file, got ${error.code ?? error.message}`);
  });
  try {
    const { metadata, tensors } = await readGgufHeader(handle, file);
    const architecture = metadata.get('general.architecture');
    const named = new Map<string, GgufTensor>();
    for (const tensor of tensors.values()) named.set(huggingFaceName(tensor.name, architecture === 'phi3'), tensor);
    const find = (name: string): GgufTensor => {
      const tensor = named.get(name);
      if (!tensor) throw new InputError(`${file}: expected a tensor ${name}, got none`);
      return tensor;
    };
    const weights: WeightSource = {
      names: () => [...named.keys()],
      shape: (name) => named.get(name)?.shape,
      close: () => handle.close(),
      read: async (name) => {
        const tensor = find(name);
        const values = await readTensor(handle, file, tensor);
        const heads = architecture === 'llama' ? permutedHeads(tensor.name, metadata) : null;
        return heads === null ? values : unpermuted(values, tensor, heads, file);
      },
    };
    return { file, metadata, weights };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function huggingFaceName(name: string, fusedFeedForward: boolean): string {
  const [, layer, part = '', kind = ''] = /^(?:blk\.(\d+)\.)?(\w+)\.(weight|bias)$/.exec(name) ?? [];
  if (layer === undefined) return MODEL_NAMES[part] === undefined ? name : `${MODEL_NAMES[part]}.${kind}`;
  // Phi-3's gate and up projections are one matrix, which GGUF calls ffn_up.
  const known = fusedFeedForward && part === 'ffn_up' ? 'mlp.gate_up_proj' : LAYER_NAMES[part];
  return known === undefined ? name : `model.layers.${layer}.${known}.${kind}`;
}

/** Heads of a tensor whose rows llama.cpp reordered for its own rotation of adjacent pairs, or null. */
function permutedHeads(name: string, metadata: ReadonlyMap<string, GgufValue>): number | null {
  const queries = /\.attn_q\.(weight|bias)$/.test(name);
  if (!queries && !/\.attn_k\.(weight|bias)$/.test(name)) return null;
  const heads = metadata.get('llama.attention.head_count');
  return Number(queries ? heads : (metadata.get('llama.attention.head_count_kv') ?? heads));
}

/** Hugging Face row h*size + p*size/2 + i is GGUF row h*size + 2*i + p, for p in 0..1 and i below half of the head's size. */
function unpermuted(values: Float32Array, tensor: GgufTensor, heads: number, file: string): Float32Array {
  const [rows = 0, columns = 1] = tensor.shape;
  const half = rows / heads / 2;
  if (!Number.isInteger(half)) {
    throw new InputError(
      `${file}: tensor ${tensor.name}: expected rows for ${heads} heads of an even size, got ${rows} rows`,
    );
  }
  const ordered = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const inHead = row % (2 * half);
    const from = row - inHead + 2 * (inHead % half) + Math.floor(inHead / half);
    ordered.set(values.subarray(from * columns, (from + 1) * columns), row * columns);
  }
  return ordered;
}
