import { open } from 'node:fs/promises';
import type { z } from 'zod';
import { describeIssues } from '../describe-issues.ts';
import { InputError } from '../errors.ts';

/**
 * A JSON file, checked by a schema.
 *
 * @param maxBytes A larger file is refused before it is read.
 * @throws InputError where the file is missing, too large, no JSON, or not what the schema says.
 */
export async function readJson<T>(file: string, schema: z.ZodType<T>, maxBytes: number): Promise<T> {
  let text: string;
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > maxBytes) throw new InputError(`${file}: expected at most ${maxBytes} bytes, got ${size}`);
      text = await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `${file}: expected a file of JSON, got ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new InputError(`${file}: expected JSON, got: ${(error as Error).message}`, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new InputError(describeIssues(parsed.error, file));
  return parsed.data;
}
