import path from 'node:path';
import { writeAtomically } from '../../files/write-atomically.ts';
import type { LanguageModel } from '../../language-model/language-model.ts';
import { CLARA_FILE, type ClaraFile } from '../clara-file.ts';
import { ADAPTER_NAMES } from '../adapter-names.ts';
import type { OwnedCompressionModel } from '../create-compression-model.ts';

/** Writes clara.json beside a stage's weights, which makes the folder a checkpoint. */
export async function writeClaraFile(
  folder: string,
  { settings, special, config, ...adapters }: OwnedCompressionModel,
  { id, hash }: LanguageModel,
  { stage, k, ratios }: { readonly stage: string; readonly k: number; readonly ratios?: readonly number[] },
): Promise<void> {
  const { compressor, ratio, documentMaxLength, memory, positions, rank, alpha, modules } = settings;
  const names = Object.entries(ADAPTER_NAMES) as [keyof typeof ADAPTER_NAMES, string][];
  const content: ClaraFile = {
    ...{
      format: 1,
      compressor,
      ratio,
      ...(ratios && { ratios: [...ratios] }),
      documentMaxLength,
      memory,
      positions,
      memoryTokens: special.memory,
    },
    ...{
      rank,
      alpha,
      modules: [...modules],
      adapters: names.flatMap(([part, name]) => (adapters[part]?.matrices.length ? [name] : [])),
    },
    ...{ k, stage, vocabularySize: special.first, hiddenSize: config.hiddenSize },
    model: { id, hash },
    source: null,
  };
  await writeAtomically(path.join(folder, CLARA_FILE), `${JSON.stringify(content, null, 2)}\n`);
}
