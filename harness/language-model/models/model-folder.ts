import path from 'node:path';
import { cacheHome } from '../../home.ts';
import type { KnownModel } from '../registry.ts';

/** Where a model lies: its own folder of the program, or a folder of the cache named after its id, with no character that a file system minds. */
export function modelFolder({ id, source }: Pick<KnownModel, 'id' | 'source'>): string {
  if (source.kind === 'shipped') return source.folder;
  return path.join(cacheHome(), 'models', id.replace(/[^\w.-]+/g, '--'));
}
