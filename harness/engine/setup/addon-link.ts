import { existsSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { MachineError } from '../../errors.ts';
import { ADDON, NAPI_VERSION } from './engine-folder.ts';

/** The folder of the installed package @tensorflow/tfjs-node-gpu. @throws MachineError where it is not installed. */
export function tfjsFolder(): string {
  try {
    return path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'));
  } catch {
    throw new MachineError('the package @tensorflow/tfjs-node-gpu is not installed; run: npm ci');
  }
}

/** Where the tfjs package looks for its native add-on. */
function addonPath(packageFolder: string): string {
  return path.join(packageFolder, 'lib', `napi-v${NAPI_VERSION}`, ADDON);
}

/** What the tfjs package would load: the file that a link points to, the package's own prebuilt file, or undefined where there is none or the link is dangling. */
export function linkedAddon(packageFolder: string): string | undefined {
  const place = addonPath(packageFolder);
  if (!existsSync(place)) return undefined;
  return lstatSync(place).isSymbolicLink() ? path.resolve(path.dirname(place), readlinkSync(place)) : place;
}

/** Makes the tfjs package load `addon`. The link is replaced in one step: a process that loads the engine meanwhile finds the old one or the new one. */
export function linkAddon(addon: string, packageFolder: string): void {
  const place = addonPath(packageFolder);
  const temporary = `${place}.${process.pid}`;
  mkdirSync(path.dirname(place), { recursive: true });
  rmSync(temporary, { force: true });
  symlinkSync(addon, temporary);
  renameSync(temporary, place);
}

/** Takes the link or file away, so that the package's own installer does not write through a link into the cache. */
export function unlinkAddon(packageFolder: string): void {
  rmSync(addonPath(packageFolder), { force: true });
}
