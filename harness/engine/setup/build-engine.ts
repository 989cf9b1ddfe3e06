import { mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MachineError } from '../../errors.ts';
import type { Pip } from '../../files/find-pip.ts';
import { pipDownload, type PinnedWheel } from '../../files/pip-download.ts';
import { unpackWheel } from '../../files/unpack-wheel.ts';
import { Progress } from '../../progress.ts';
import { buildInStage } from './build-in-stage.ts';
import { checkAddon } from './check-addon.ts';
import { compileAddon, HEADERS, LIBRARIES, QUIET_LOG } from './compile-addon.ts';
import { ADDON, type Device, TENSORFLOW_VERSION } from './engine-folder.ts';
import { type EngineManifest, MANIFEST, readEngineManifest } from './engine-manifest.ts';
import type { Compiler } from './find-compiler.ts';

/** Libraries unpacked are up to four times as large as their wheels (3.1 for TensorFlow's CPU wheel, 1.5 for the GPU wheels). */
const UNPACKED_TO_PACKED = 4;

/** What TensorFlow opens of NVIDIA's wheels: libraries, and for its own kernels ptxas and libdevice. */
const CUDA_FILE =
  /^nvidia\/\w+\/(lib\/lib[\w.-]+\.so(\.\d+)*|bin\/ptxas|nvvm\/lib64\/lib[\w.-]+\.so(\.\d+)*|nvvm\/libdevice\/[\w.]+\.bc)$/;

/** The tools that a build needs. */
export interface Tools {
  readonly pip: Pip;
  readonly compiler: Compiler;
}

/**
 * Builds the engine in `folder`: downloads the wheels, unpacks the libraries (`tensorflow/` beside `nvidia/`, as TensorFlow looks for them), compiles the add-on
 * over them, loads it once, and writes the manifest. Wheels and headers are not kept.
 *
 * @throws MachineError where the machine lacks disk or network, a file is not the pinned one, or the compiler or the loader fails.
 */
export async function buildEngine(
  folder: string,
  device: Device,
  wheels: readonly PinnedWheel[],
  tools: Tools,
  packageFolder: string,
  note: (text: string) => void,
): Promise<void> {
  await buildInStage(folder, isWhole, async (stage) => {
    await checkDisk(stage, wheels);
    const libraries = await fetchLibraries(stage, device, wheels, tools.pip);
    note(`compiling the add-on with ${tools.compiler.command}, about 20 s`);
    await compileAddon(stage, packageFolder, tools.compiler);
    await rm(path.join(stage, 'tensorflow', 'include'), { recursive: true });
    await checkAddon(path.join(stage, ADDON));
    const built: Record<string, number> = {};
    for (const file of [ADDON, QUIET_LOG]) built[file] = (await stat(path.join(stage, file))).size;
    const manifest: EngineManifest = {
      tensorflow: TENSORFLOW_VERSION,
      device,
      wheels: wheels.map(({ file, sha256 }) => ({ file, sha256 })),
      compiler: tools.compiler.version,
      files: { ...libraries, ...built },
    };
    await writeFile(path.join(stage, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  });
}

function isWhole(folder: string): boolean {
  return readEngineManifest(folder) !== undefined;
}

/** Path -> size of the libraries kept. One wheel at a time, deleted when it is unpacked: the disk never holds them all. */
async function fetchLibraries(
  stage: string,
  device: Device,
  wheels: readonly PinnedWheel[],
  pip: Pip,
): Promise<Record<string, number>> {
  const label = `TensorFlow ${TENSORFLOW_VERSION} for ${device}`;
  const total = wheels.reduce((sum, wheel) => sum + wheel.bytes, 0);
  const progress = new Progress({ label, total: megabytes(total), unit: 'MB' });
  const downloads = path.join(stage, 'downloads');
  await mkdir(downloads);
  const kept: Record<string, number> = {};
  let before = 0;
  for (const wheel of wheels) {
    const file = await pipDownload(wheel, downloads, pip, (bytes) =>
      progress.update(megabytes(before + Math.min(bytes, wheel.bytes)), 'downloading'),
    );
    before += wheel.bytes;
    const wanted = new Set<string>([...LIBRARIES, ...HEADERS]);
    const unpacked = await unpackWheel(
      file,
      stage,
      (name) => wanted.has(name) || CUDA_FILE.test(name),
      (done, all) => progress.update(megabytes(before), `unpacking ${Math.floor((100 * done) / all)} %`),
    );
    await rm(file);
    for (const { path: name, bytes } of unpacked) if (!name.endsWith('.h')) kept[name] = bytes;
  }
  await rm(downloads, { recursive: true });
  progress.finish('unpacked');
  const missing = LIBRARIES.filter((library) => !(library in kept));
  if (missing.length > 0) throw new MachineError(`${wheels[0]!.file}: ${missing.join(' and ')} not in it`);
  return kept;
}

async function checkDisk(stage: string, wheels: readonly PinnedWheel[]): Promise<void> {
  const { bavail, bsize } = await statfs(stage);
  const needed = wheels.reduce((sum, wheel) => sum + wheel.bytes, 0) * UNPACKED_TO_PACKED;
  if (bavail * bsize >= needed) return;
  throw new MachineError(
    `${path.dirname(stage)}: ${megabytes(needed)} MB of disk needed, ${megabytes(bavail * bsize)} MB free; free some, or set CLARA_BENCH_HOME to a folder on another disk`,
  );
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
