import path from 'node:path';
import { MachineError } from '../../errors.ts';
import { findPip, PIP_HINT } from '../../files/find-pip.ts';
import { cacheHome } from '../../home.ts';
import { linkAddon, linkedAddon, tfjsFolder } from './addon-link.ts';
import { buildEngine } from './build-engine.ts';
import { ADDON, type Device, engineFolder } from './engine-folder.ts';
import { readEngineManifest } from './engine-manifest.ts';
import { engineWheels } from './engine-wheels.ts';
import { COMPILER_HINT, findCompiler } from './find-compiler.ts';
import { installPrebuilt } from './install-prebuilt.ts';
import { hasNvidiaDriver } from './nvidia-driver.ts';

/** What `setUpEngine` made ready: the add-on's file, and how it came there. */
export interface ReadyEngine {
  readonly device: Device;
  readonly addon: string;
  /** `kept`: it was there; `built`: over the TensorFlow wheel; `prebuilt`: the tfjs package's own download, with an older TensorFlow. */
  readonly how: 'kept' | 'built' | 'prebuilt';
}

/** Where `setUpEngine` works and whom it tells. */
export interface SetUpOptions {
  readonly home?: string;
  readonly packageFolder?: string;
  /** Told what is going on, a line each. */
  readonly note?: (text: string) => void;
}

/**
 * Makes the native engine ready for a device: `auto` is the GPU where there is an NVIDIA driver and a GPU build, else the processor. Does nothing where it is ready.
 *
 * @throws MachineError naming everything that is missing and how to get it, where neither a build nor the package's own download works.
 */
export async function setUpEngine(choice: Device | 'auto', options: SetUpOptions = {}): Promise<ReadyEngine> {
  const { home = cacheHome(), packageFolder = tfjsFolder(), note = () => undefined } = options;
  const device = choice === 'auto' ? (hasNvidiaDriver() && engineWheels('gpu') ? 'gpu' : 'cpu') : choice;
  const folder = engineFolder(device, home);
  const addon = path.join(folder, ADDON);
  if (readEngineManifest(folder)) {
    if (linkedAddon(packageFolder) !== addon) linkAddon(addon, packageFolder);
    return { device, addon, how: 'kept' };
  }
  const problems: string[] = [];
  try {
    const wheels = engineWheels(device);
    if (!wheels) throw new MachineError(noWheels(device));
    await buildEngine(folder, device, wheels, await findTools(), packageFolder, note);
    linkAddon(addon, packageFolder);
    return { device, addon, how: 'built' };
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    problems.push(...error.problems);
  }
  // A file that is no link is what the package's own installer left.
  const linked = linkedAddon(packageFolder);
  if (linked && path.resolve(linked).startsWith(path.resolve(packageFolder) + path.sep))
    return { device, addon: linked, how: 'kept' };
  note("cannot be built here; trying the tfjs package's own download (TensorFlow 2.9.1) instead");
  try {
    const prebuilt = await installPrebuilt(device, packageFolder);
    for (const problem of problems) note(problem);
    return { device, addon: prebuilt, how: 'prebuilt' };
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    throw new MachineError([...problems, ...error.problems]);
  }
}

async function findTools(): Promise<Parameters<typeof buildEngine>[3]> {
  const [pip, compiler] = await Promise.all([findPip(), findCompiler()]);
  if (pip && compiler) return { pip, compiler };
  throw new MachineError([
    ...(pip ? [] : [`Python 3 with pip is missing; install it with: ${PIP_HINT}`]),
    ...(compiler ? [] : [`a C++ compiler is missing; install one with: ${COMPILER_HINT}`]),
  ]);
}

function noWheels(device: Device): string {
  const machine = `${process.platform}-${process.arch}`;
  if (device === 'gpu')
    return `TensorFlow publishes its GPU build for Linux on x86-64 only, this is ${machine}; use --device cpu`;
  return `TensorFlow's wheel can be used on Linux (x86-64 and ARM64) only, this is ${machine}`;
}
