import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { readJson } from '../files/read-json.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import type { Deviation } from './deviation.ts';

/** What a check of one golden file gets beside the file. */
export interface ParityContext {
  /** The model the goldens were made from, loaded once and shared by the checks. */
  readonly model: () => Promise<LanguageModel>;
  /** Its GGUF file. */
  readonly gguf: () => Promise<string>;
}

/** Compares with one golden file; paths in its messages are those of the file. */
type Check = (file: string, context: ParityContext) => Promise<readonly Deviation[]>;

/** Golden files that are known, by name. Modules are loaded when their file is there: metrics need no engine. */
const CHECKS: Readonly<Record<string, Check>> = {
  'gguf.json': async (file, context) => {
    const { ggufGoldens, ggufParity } = await import('./gguf.ts');
    return ggufParity(await readGoldens(file, ggufGoldens), await context.gguf());
  },
  'tokenization.json': async (file, context) => {
    const { tokenizationGoldens, tokenizationParity } = await import('./tokenization.ts');
    return tokenizationParity(await readGoldens(file, tokenizationGoldens), await context.model());
  },
  'logits.json': async (file, context) => {
    const { logitsGoldens, logitsParity } = await import('./logits.ts');
    return logitsParity(await readGoldens(file, logitsGoldens), await context.model());
  },
  'generation.json': async (file, context) => {
    const { generationGoldens, generationParity } = await import('./generation.ts');
    return generationParity(await readGoldens(file, generationGoldens), await context.model());
  },
  'lora.json': async (file, context) => {
    const { loraGoldens, loraParity } = await import('./lora.ts');
    return loraParity(await readGoldens(file, loraGoldens), await context.model());
  },
  'metrics.json': async (file) => {
    const { metricParity } = await import('./metrics.ts');
    return metricParity(await readGoldens(file, z.unknown()));
  },
  'topk.json': async (file) => {
    const { topKGoldens, topKParity } = await import('./clara/top-k.ts');
    return topKParity(await readGoldens(file, topKGoldens));
  },
  'losses.json': async (file) => {
    const { lossesGoldens, lossesParity } = await import('./clara/losses.ts');
    return lossesParity(await readGoldens(file, lossesGoldens));
  },
  'similarity.json': async (file) => {
    const { similarityGoldens, similarityParity } = await import('./clara/similarity.ts');
    return similarityParity(await readGoldens(file, similarityGoldens));
  },
  'end_to_end.json': async (file) => {
    const { endToEndGoldens } = await import('./clara/end-to-end-schema.ts');
    const { endToEndParity } = await import('./clara/end-to-end.ts');
    return endToEndParity(await readGoldens(file, endToEndGoldens), file);
  },
  'adapters.pth': async (file) => {
    const { endToEndGoldens } = await import('./clara/end-to-end-schema.ts');
    const { checkpointParity } = await import('./clara/checkpoint.ts');
    const values = await valuesOfCheckpoint(path.dirname(file));
    return checkpointParity(path.dirname(file), await readGoldens(values, endToEndGoldens), path.dirname(values));
  },
};

/** Files of a golden folder that hold no values to compare with: what the values were made from. */
const WITHOUT_VALUES = ['inputs.json', 'config.json', 'tokenizer.json', 'tokenizer_config.json'];

/** The golden values of the largest model of a published set have some MB. */
const MAX_GOLDEN_BYTES = 256 * 1024 * 1024;

/**
 * Runs every check whose golden file is in the folder or in a folder below it, one after the other.
 *
 * @returns each file by its path within the folder
 * @throws InputError where there is none, or a file has another layout
 */
export async function* folderParity(
  folder: string,
  context: ParityContext,
): AsyncGenerator<{ file: string; deviations: readonly Deviation[] }> {
  const files = await filesBelow(folder);
  const known = Object.keys(CHECKS).flatMap((name) => files.filter((file) => path.basename(file) === name));
  if (known.length === 0) {
    throw new InputError(
      `${folder}: expected at least one of ${Object.keys(CHECKS).join(', ')}, got ${files.join(', ') || 'nothing'}`,
    );
  }
  for (const file of known) {
    yield { file, deviations: await CHECKS[path.basename(file)]!(path.join(folder, file), context) };
  }
}

/** JSON files of a folder and those below it that no check reads, so that nothing passes unseen. */
export async function uncheckedFiles(folder: string): Promise<string[]> {
  return (await filesBelow(folder)).filter((file) => {
    const name = path.basename(file);
    return name.endsWith('.json') && !(name in CHECKS) && !WITHOUT_VALUES.includes(name);
  });
}

/** Files of a folder and those below it, by their paths within it, those of the folder itself first. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${folder}: expected a folder of golden values, got ${error.code ?? error.message}`);
  });
  const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = sorted.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  for (const { name } of sorted.filter((entry) => entry.isDirectory())) {
    for (const file of await filesBelow(path.join(folder, name))) files.push(path.join(name, file));
  }
  return files;
}

/** The golden values that a checkpoint's folder, `NAME-checkpoint`, belongs to: NAME/end_to_end.json beside it. @throws InputError where there are none */
async function valuesOfCheckpoint(folder: string): Promise<string> {
  const name = path.basename(path.resolve(folder)).replace(/-checkpoint$/, '');
  const values = path.join(path.resolve(folder), '..', name, 'end_to_end.json');
  await access(values).catch(() => {
    throw new InputError(`${folder}: expected the golden values of the checkpoint in ${values}, got none`);
  });
  return values;
}

/** A golden file's values. @throws InputError where it has another layout. */
function readGoldens<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  return readJson(file, schema, MAX_GOLDEN_BYTES);
}
