import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../../errors.ts';
import { sha256File } from '../../files/sha256.ts';
import { writeAtomically } from '../../files/write-atomically.ts';
import { openModelFiles } from '../../language-model/open-model-files.ts';
import { writeSafetensors } from '../../language-model/weights/write-safetensors.ts';
import { CLARA_FILE, type ClaraFile } from '../clara-file.ts';
import { mostMemory } from '../memory-count.ts';
import { adapterTensors } from './adapter-tensors.ts';
import { readCheckpointConfig } from './checkpoint-config.ts';
import { compareWithBase } from './compare-with-base.ts';
import { grownMatrices, specialRows } from './grown-matrices.ts';
import { openTorchFile } from './torch-file.ts';

const ADAPTER_FILE = 'adapters.pth';
const MATRIX_FILE = 'decoder_first_last_layers.pth';
const WEIGHTS_FILE = 'weights.safetensors';

/** The multiple of the reference's LoRA: alpha is twice the rank, whatever the rank (clara.md 6). */
const ALPHA_OVER_RANK = 2;

/** What to import and where to. */
export interface ImportCheckpointOptions {
  /** With adapters.pth, decoder_first_last_layers.pth and config.json. */
  readonly folder: string;
  readonly out: string;
  /** The base model to check against: an id, a folder or a .gguf file. */
  readonly model?: string;
  readonly overwrite?: boolean;
  /** Told the tensors written so far and to write in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Brings a released checkpoint of CLaRa (three adapters, the grown embedding matrices; clara.md 11) into a folder with `weights.safetensors` and `clara.json`, which is
 * written last. The torch files are never run: they are read by range, and only tensors and plain containers are accepted.
 *
 * @returns what clara.json holds
 * @throws InputError where the checkpoint is wrong or refused, does not fit the base, or the target is there already.
 */
export async function importCheckpoint({
  folder,
  out,
  model,
  overwrite = false,
  onProgress = () => undefined,
}: ImportCheckpointOptions): Promise<ClaraFile> {
  const target = path.join(out, CLARA_FILE);
  const weights = path.join(out, WEIGHTS_FILE);
  if (!overwrite && (existsSync(target) || existsSync(weights))) {
    throw new InputError(`${out}: a checkpoint is there already; --overwrite replaces it`);
  }
  const config = await readCheckpointConfig(folder);
  const tokens = mostMemory({ ratio: config.compr_rate, documentMaxLength: config.doc_max_length, memory: 'fixed' });
  // Without tokens of their own, one token's row serves every place.
  const rows = config.different_mem_tokens ? tokens : 1;
  const base = model === undefined ? undefined : await openModelFiles(model);
  const files = [ADAPTER_FILE, MATRIX_FILE].map((name) => path.join(folder, name));
  const adapterFile = await openTorchFile(files[0]!);
  const matrixFile = await openTorchFile(files[1]!).catch(async (error: unknown) => {
    await adapterFile.close();
    throw error;
  });
  try {
    const adapters = adapterTensors(adapterFile, files[0]!, { rank: config.lora_r, base: base?.config });
    const grown = grownMatrices(matrixFile, files[1]!, rows);
    const compared = base ? await compareWithBase(matrixFile, grown, base) : [];
    const content: ClaraFile = {
      format: 1,
      compressor: 'memory-tokens',
      ratio: config.compr_rate,
      documentMaxLength: config.doc_max_length,
      memory: 'fixed',
      memoryTokens: tokens,
      rank: config.lora_r,
      alpha: ALPHA_OVER_RANK * config.lora_r,
      modules: [...adapters.modules],
      adapters: [...adapters.names],
      k: config.generation_top_k,
      stage: config.training_stage,
      vocabularySize: grown.vocabularySize,
      hiddenSize: grown.hiddenSize,
      model: base ? { id: base.id, hash: base.hash } : null,
      source: {
        decoder_model_name: config.decoder_model_name,
        sep: config.sep,
        different_mem_tokens: config.different_mem_tokens,
        files: await hashes(folder),
        rows: compared,
      },
    };
    await rm(target, { force: true });
    const tensors = [...adapters.tensors, ...specialRows(matrixFile, grown, rows, tokens)];
    let done = 0;
    const counted = tensors.map(({ values, ...tensor }) => ({
      ...tensor,
      values: () => {
        onProgress(done++, tensors.length);
        return values();
      },
    }));
    await writeSafetensors(weights, counted);
    onProgress(done, tensors.length);
    await writeAtomically(target, `${JSON.stringify(content, null, 2)}\n`);
    return content;
  } finally {
    await Promise.all([adapterFile.close(), matrixFile.close(), base?.weights.close()]);
  }
}

async function hashes(folder: string): Promise<{ name: string; sha256: string }[]> {
  const names = [ADAPTER_FILE, MATRIX_FILE, 'config.json'];
  return Promise.all(names.map(async (name) => ({ name, sha256: await sha256File(path.join(folder, name)) })));
}
