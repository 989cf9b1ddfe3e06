import { InputError } from '../../errors.ts';
import { LINEAR_MODULES, moduleParent, type LinearModule } from '../../language-model/linear-modules.ts';
import { linearShape } from '../../language-model/linear-shape.ts';
import type { ModelConfig } from '../../language-model/model-config.ts';
import type { WrittenTensor } from '../../language-model/weights/write-safetensors.ts';
import { ADAPTER_NAMES } from '../adapter-names.ts';
import type { TorchFile } from './torch-file.ts';
import { TorchTensor } from './torch-tensor.ts';

const ADAPTERS: readonly string[] = Object.values(ADAPTER_NAMES);
/** Whole grown matrices that an adapter carries if it was made in the same run; the trained ones are in decoder_first_last_layers.pth. */
const IGNORED = ['model.embed_tokens.weight', 'lm_head.weight'];
const LORA = /^model\.layers\.(0|[1-9]\d{0,3})\.(self_attn|mlp)\.(\w+)\.lora_([AB])\.weight$/;
/** More of one kind help nobody. */
const MAX_PROBLEMS = 20;

interface Expected {
  readonly rank: number;
  /** Of the base, where it is at hand. */
  readonly base: ModelConfig | undefined;
}

/** The adapters of adapters.pth: their names, the linear layers that they add to in every block, and all their matrices under `{adapter}.model.layers...`. */
export interface ImportedAdapters {
  readonly names: readonly string[];
  readonly modules: readonly LinearModule[];
  readonly tensors: readonly WrittenTensor[];
}

/**
 * The adapters of a checkpoint, all that are there (the reference itself leaves one out on some ways of loading: clara.md 9), each checked by names and shapes.
 *
 * @throws InputError listing what is wrong, all of it at once.
 */
export function adapterTensors(torchFile: TorchFile, file: string, expected: Expected): ImportedAdapters {
  const { content } = torchFile;
  if (!(content instanceof Map)) throw new InputError(`${file}: expected a dict of adapters`);
  const problems: string[] = [];
  const tensors: WrittenTensor[] = [];
  for (const [adapter, matrices] of content) {
    if (!ADAPTERS.includes(String(adapter))) {
      problems.push(`${file}: expected the adapters ${ADAPTERS.join(', ')}, got ${JSON.stringify(adapter)}`);
    } else if (!(matrices instanceof Map)) {
      problems.push(`${file}: ${adapter}: expected a dict of tensors`);
    } else {
      const found = loraMatrices(matrices, `${file}: ${adapter}`, expected, problems);
      for (const [name, tensor] of found) {
        const values = async (): Promise<Float32Array> =>
          finite(await torchFile.read(tensor), `${file}: ${adapter}: ${name}`);
        tensors.push({ name: `${adapter}.${name}`, shape: tensor.shape, values });
      }
    }
  }
  if (!content.has(ADAPTER_NAMES.encoder))
    problems.push(`${file}: expected ${ADAPTER_NAMES.encoder}, which compresses, got none`);
  const modules = LINEAR_MODULES.filter((module) => tensors.some(({ name }) => name.includes(`.${module}.`)));
  if (problems.length === 0)
    problems.push(...missingMatrices(tensors, modules, expected).map((name) => `${file}: expected ${name}, got none`));
  if (problems.length > MAX_PROBLEMS)
    problems.splice(MAX_PROBLEMS, problems.length, `${file}: and ${problems.length - MAX_PROBLEMS} further problems`);
  if (problems.length > 0) throw new InputError(problems);
  return { names: ADAPTERS.filter((name) => content.has(name)), modules, tensors };
}

function loraMatrices(
  matrices: ReadonlyMap<string | number, unknown>,
  where: string,
  expected: Expected,
  problems: string[],
): Map<string, TorchTensor> {
  const found = new Map<string, TorchTensor>();
  for (const [name, tensor] of matrices) {
    if (IGNORED.some((each) => each === name)) continue;
    const problem = loraProblem(String(name), tensor, matrices, expected);
    if (problem) problems.push(`${where}: ${JSON.stringify(name)}: ${problem}`);
    else if (tensor instanceof TorchTensor) found.set(String(name), tensor);
  }
  if (found.size === 0) problems.push(`${where}: expected LoRA matrices, got none`);
  return found;
}

/** What is wrong with a matrix, if anything: its name, its shape, or that its other half is missing. */
function loraProblem(
  name: string,
  tensor: unknown,
  matrices: ReadonlyMap<string | number, unknown>,
  { rank, base }: Expected,
): string | undefined {
  const [, layer, parent, module, half] = LORA.exec(name) ?? [];
  if (module === 'qkv_proj' || module === 'gate_up_proj') return 'layers that are fused are not supported yet';
  if (!isLinear(module) || moduleParent(module) !== parent) {
    return 'expected model.layers.{i}.{self_attn|mlp}.{module}.lora_{A|B}.weight of a linear layer';
  }
  if (!(tensor instanceof TorchTensor)) return 'expected a tensor';
  const other = name.replace(`lora_${half}.`, `lora_${half === 'A' ? 'B' : 'A'}.`);
  if (!matrices.has(other)) return `expected ${other} beside it, got none`;
  const { shape } = tensor;
  const shown = `[${shape.join(', ')}]`;
  const ranked = half === 'A' ? shape[0] : shape[1];
  if (shape.length !== 2 || ranked !== rank) {
    return `expected ${half === 'A' ? `[${rank}, inputs]` : `[outputs, ${rank}]`} (lora_r ${rank}), got ${shown}`;
  }
  if (!base) return undefined;
  if (Number(layer) >= base.layers) return `the base has ${base.layers} layers`;
  const { inside, out } = linearShape(base, module);
  const fitting = half === 'A' ? [rank, inside] : [out, rank];
  return shape.join() === fitting.join() ? undefined : `expected [${fitting.join(', ')}] for this base, got ${shown}`;
}

/** Every adapter adds to the same layers in every block: what is missing of that. */
function missingMatrices(
  tensors: readonly WrittenTensor[],
  modules: readonly LinearModule[],
  { base }: Expected,
): string[] {
  const there = new Set(tensors.map(({ name }) => name));
  const layers = base?.layers ?? 1 + Math.max(...tensors.map(({ name }) => Number(/\.layers\.(\d+)\./.exec(name)![1])));
  const adapters = new Set(tensors.map(({ name }) => name.slice(0, name.indexOf('.'))));
  return [...adapters].flatMap((adapter) =>
    Array.from({ length: layers }, (_, layer) =>
      modules.map((module) => `${adapter}.model.layers.${layer}.${moduleParent(module)}.${module}.lora_A.weight`),
    )
      .flat()
      .filter((name) => !there.has(name)),
  );
}

function isLinear(module: string | undefined): module is LinearModule {
  return LINEAR_MODULES.some((known) => known === module);
}

/** @throws InputError at a value that is no number: the checkpoint of a training that failed. */
function finite(values: Float32Array, where: string): Float32Array {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new InputError(`${where}: expected finite values, got ${values[at]} at ${at}`);
  return values;
}
