import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../harness/errors.ts';
import { nearest } from '../harness/nearest.ts';
import type { System } from '../harness/system.ts';
import { systems } from './index.ts';

/**
 * A system by its id, or from a user's own module (a path that ends in .ts, .js or .mjs, relative to `folder`), whose default export is the system.
 *
 * @throws InputError where there is none: the known ids and the nearest, or what the module lacks.
 */
export async function findSystem(idOrModule: string, folder = process.cwd()): Promise<System> {
  if (/\.(ts|js|mjs)$/.test(idOrModule)) return importSystem(path.resolve(folder, idOrModule));
  const found = systems.find(({ id }) => id === idOrModule);
  if (found) return found;
  const known = systems.map(({ id }) => id);
  const guess = nearest(idOrModule, known);
  throw new InputError(
    `unknown system ${JSON.stringify(idOrModule)}${guess ? `; did you mean ${guess}?` : ';'} Known: ${known.join(', ')}, or the path of a module (.ts, .js, .mjs) whose default export is a System`,
  );
}

async function importSystem(file: string): Promise<System> {
  let loaded: { default?: Partial<System> };
  try {
    loaded = (await import(pathToFileURL(file).href)) as typeof loaded;
  } catch (error) {
    throw new InputError(
      `system module ${file}: cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  const system = loaded.default;
  const lacking = [
    ...(['id', 'description'] as const).filter((key) => typeof system?.[key] !== 'string'),
    ...(['settings', 'predict'] as const).filter((key) => typeof system?.[key] !== 'function'),
  ];
  if (lacking.length > 0) {
    throw new InputError(
      `system module ${file}: expected a default export that is a System (harness/system.ts); it lacks ${lacking.join(', ')}`,
    );
  }
  return system as System;
}
