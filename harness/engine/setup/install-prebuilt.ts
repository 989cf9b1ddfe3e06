import path from 'node:path';
import { MachineError } from '../../errors.ts';
import { runProgram } from '../../run-program.ts';
import { linkAddon, linkedAddon, unlinkAddon } from './addon-link.ts';
import { checkAddon } from './check-addon.ts';
import type { Device } from './engine-folder.ts';

/** The package's download has about 500 MB for GPUs: more time than this means that it hangs. */
const TIMEOUT_MS = 20 * 60 * 1000;

/**
 * Runs the tfjs package's own installer, which downloads a ready add-on and an older TensorFlow (2.9.1) into the package. What was linked before is put back where that fails.
 *
 * @throws MachineError with the installer's own words.
 */
export async function installPrebuilt(device: Device, packageFolder: string): Promise<string> {
  const before = linkedAddon(packageFolder);
  unlinkAddon(packageFolder);
  try {
    const result = await runProgram(process.execPath, ['scripts/install.js', device, 'download'], {
      cwd: packageFolder,
      env: withProgramsOf(packageFolder),
      timeoutMs: TIMEOUT_MS,
    });
    const addon = linkedAddon(packageFolder);
    if (!addon)
      throw new MachineError(`the package's own download failed: ${reasonOf(result.stderr || result.stdout)}`);
    await checkAddon(addon);
    return addon;
  } catch (error) {
    if (before) linkAddon(before, packageFolder);
    throw error;
  }
}

/** The installer calls node-pre-gyp by name, as npm would let it. */
function withProgramsOf(packageFolder: string): NodeJS.ProcessEnv {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const programs = path.join(packageFolder, '..', '..', '.bin');
  const folders = [programs, path.dirname(process.execPath), process.env[name] ?? ''];
  return { ...process.env, [name]: folders.join(path.delimiter) };
}

function reasonOf(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return (
    lines.find((line) => /^(Error|\w*Error:|Error:)/.test(line) || / failed/.test(line)) ??
    (lines.filter(Boolean).at(-1) || 'no reason given')
  );
}
