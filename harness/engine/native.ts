import { createRequire } from 'node:module';
import path from 'node:path';
import { MachineError } from '../errors.ts';
import { cacheHome } from '../home.ts';
import { linkAddon, linkedAddon, tfjsFolder } from './setup/addon-link.ts';
import { ADDON, engineFolder } from './setup/engine-folder.ts';
import { readEngineManifest } from './setup/engine-manifest.ts';
import { hasNvidiaDriver } from './setup/nvidia-driver.ts';

/**
 * Makes ready what `require('@tensorflow/tfjs-node-gpu')` needs; call it before that, in the main thread. Costs a few milliseconds.
 *
 * Sets the environment that TensorFlow reads when it loads (unless the user has set it), puts back the two `node:util` functions that tfjs-node 4.22 calls
 * and Node 23 removed, and links the cached add-on into the package again where `npm ci` has wiped the link.
 *
 * @throws MachineError where no native engine is set up.
 */
export function ensureNative(home: string = cacheHome(), packageFolder: string = tfjsFolder()): void {
  // On AMD processors without AVX-512 TensorFlow leaves oneDNN off, and batched products then run 2 to 3 times slower.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';

  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;

  if (linkedAddon(packageFolder)) return;
  const devices = hasNvidiaDriver() ? (['gpu', 'cpu'] as const) : (['cpu', 'gpu'] as const);
  const folder = devices.map((device) => engineFolder(device, home)).find(readEngineManifest);
  if (!folder) {
    throw new MachineError('the native TensorFlow engine is not set up on this machine; run: npx clara-bench setup');
  }
  linkAddon(path.join(folder, ADDON), packageFolder);
}
