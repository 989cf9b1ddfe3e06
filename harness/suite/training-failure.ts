import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { InputError, MachineError } from '../errors.ts';
import { readJson } from '../files/read-json.ts';
import { writeAtomically } from '../files/write-atomically.ts';

const problemsSchema = z.strictObject({
  /** Whose fault: the input's, the machine's, or the program's. */
  kind: z.enum(['input', 'machine', 'fault']),
  problems: z.array(z.string()),
});

/** Why something did not work, as it passes between processes. */
export type Problems = Readonly<z.infer<typeof problemsSchema>>;

const MAX_BYTES = 1 << 20;

/** An error as it passes between processes; one of the program comes with its stack. */
export function problemsOf(error: unknown): Problems {
  if (error instanceof InputError) return { kind: 'input', problems: [...error.problems] };
  if (error instanceof MachineError) return { kind: 'machine', problems: [...error.problems] };
  return { kind: 'fault', problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
}

/** What to show of it: the stack of a fault is in the folder's file. */
export function inOneLine({ problems }: Problems): string {
  return problems.map((problem) => problem.split('\n', 1)[0]).join('; ');
}

/**
 * `failure.json` of a training's folder: why it has failed. It tells the other processes at work that nothing is to be gained by trying it too; a new run takes it away
 * and tries again.
 */
export const trainingFailure = {
  write: (folder: string, problems: Problems): Promise<void> =>
    writeAtomically(fileIn(folder), `${JSON.stringify(problems, null, 2)}\n`),

  /** Undefined where there is none. */
  read: (folder: string): Promise<Problems | undefined> =>
    readJson(fileIn(folder), problemsSchema, MAX_BYTES).catch((error: unknown) => {
      if (error instanceof InputError) return undefined;
      throw error;
    }),

  forget: (folder: string): Promise<void> => rm(fileIn(folder), { force: true }),
};

function fileIn(folder: string): string {
  return path.join(folder, 'failure.json');
}
