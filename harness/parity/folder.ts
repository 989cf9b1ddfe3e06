import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { describeIssues } from '../describe-issues.ts';
import { InputError } from '../errors.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import type { Deviation } from './deviation.ts';

/** What a check of one golden file gets beside the file. */
export interface ParityContext {
  /** The model the goldens were made from, loaded once and shared by the checks. */
  readonly model: () => Promise<LanguageModel>;
  /** Its GGUF file. */
  readonly gguf: () => Promise<string>;
}

type Check = (golden: unknown, context: ParityContext) => Promise<readonly Deviation[]>;

/** Golden files that are known, by name. Modules are loaded when their file is there: metrics need no engine. */
const CHECKS: Readonly<Record<string, Check>> = {
  'gguf.json': async (golden, context) => {
    const { ggufGoldens, ggufParity } = await import('./gguf.ts');
    return ggufParity(read(ggufGoldens, golden, 'gguf.json'), await context.gguf());
  },
  'tokenization.json': async (golden, context) => {
    const { tokenizationGoldens, tokenizationParity } = await import('./tokenization.ts');
    return tokenizationParity(read(tokenizationGoldens, golden, 'tokenization.json'), await context.model());
  },
  'logits.json': async (golden, context) => {
    const { logitsGoldens, logitsParity } = await import('./logits.ts');
    return logitsParity(read(logitsGoldens, golden, 'logits.json'), await context.model());
  },
  'generation.json': async (golden, context) => {
    const { generationGoldens, generationParity } = await import('./generation.ts');
    return generationParity(read(generationGoldens, golden, 'generation.json'), await context.model());
  },
  'lora.json': async (golden, context) => {
    const { loraGoldens, loraParity } = await import('./lora.ts');
    return loraParity(read(loraGoldens, golden, 'lora.json'), await context.model());
  },
  'metrics.json': async (golden) => {
    const { metricParity } = await import('./metrics.ts');
    return metricParity(golden);
  },
};

/** Files of a golden folder that hold no values to compare with. */
const WITHOUT_VALUES = ['inputs.json'];

/**
 * Runs every check whose golden file is in the folder, one after the other.
 *
 * @throws InputError where there is none, or a file has another layout
 */
export async function* folderParity(
  folder: string,
  context: ParityContext,
): AsyncGenerator<{ file: string; deviations: readonly Deviation[] }> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${folder}: expected a folder of golden values, got ${error.code ?? error.message}`);
  });
  const known = Object.keys(CHECKS).filter((file) => files.includes(file));
  if (known.length === 0) {
    throw new InputError(
      `${folder}: expected at least one of ${Object.keys(CHECKS).join(', ')}, got ${files.join(', ') || 'nothing'}`,
    );
  }
  for (const file of known) {
    const content: unknown = JSON.parse(await readFile(path.join(folder, file), 'utf8'));
    yield { file, deviations: await CHECKS[file]!(content, context) };
  }
}

/** JSON files of a folder that no check reads, so that nothing passes unseen. */
export async function uncheckedFiles(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files.filter((file) => file.endsWith('.json') && !(file in CHECKS) && !WITHOUT_VALUES.includes(file));
}

function read<T extends z.ZodType>(schema: T, golden: unknown, file: string): z.infer<T> {
  const parsed = schema.safeParse(golden);
  if (!parsed.success) throw new InputError(describeIssues(parsed.error, file));
  return parsed.data;
}
