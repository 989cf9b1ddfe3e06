import { sha256 } from '../../files/sha256.ts';

/** A file's place in a model and its hash. */
export interface HashedFile {
  readonly name: string;
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
}

/** One SHA-256 for several files: over a line `sha256  name` for each, sorted by name, so that it does not depend on where they lie. */
export function hashOfFiles(files: readonly HashedFile[]): string {
  const lines = files.map((file) => `${file.name}\n${file.sha256}\n`).sort();
  return sha256(lines.join(''));
}
