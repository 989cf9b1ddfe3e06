import path from 'node:path';
import { cacheHome } from '../../home.ts';

/** Where a fetched model lies: a folder of the cache named after its id, with no character that a file system minds. */
export function modelFolder(id: string): string {
  return path.join(cacheHome(), 'models', id.replace(/[^\w.-]+/g, '--'));
}
