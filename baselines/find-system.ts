import path from 'node:path';
import { z } from 'zod';
import { InputError } from '../harness/errors.ts';
import { functionMember, importDefault } from '../harness/import-default.ts';
import { nearest } from '../harness/nearest.ts';
import type { System } from '../harness/system.ts';
import { systems } from './systems.ts';

/**
 * A system by its id, or from a user's own module (a path that ends in .ts, .js or .mjs) whose default export is the system.
 *
 * @throws InputError where there is none: the known ids and the nearest, or what the module lacks.
 */
export async function findSystem(idOrModule: string): Promise<System> {
  if (/\.(ts|js|mjs)$/.test(idOrModule)) {
    const { value } = await importDefault<System>('System', path.resolve(idOrModule), {
      id: z.string().min(1),
      description: z.string(),
      settings: functionMember,
      predict: functionMember,
      length: functionMember.optional(),
      training: functionMember.optional(),
      prepare: functionMember.optional(),
      answers: z.boolean().optional(),
    });
    return value;
  }
  const system = systems.find(({ id }) => id === idOrModule);
  if (system) return system;
  const known = systems.map(({ id }) => id);
  const meant = nearest(idOrModule, known);
  throw new InputError(
    `system ${JSON.stringify(idOrModule)}: expected one of ${known.join(', ')}, or the path of a module (.ts, .js, .mjs)${meant ? `; did you mean ${meant}?` : ''}`,
  );
}
