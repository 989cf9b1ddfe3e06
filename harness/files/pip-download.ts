import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MachineError } from '../errors.ts';
import { runProgram } from '../run-program.ts';
import type { Pip } from './find-pip.ts';
import { sha256File } from './sha256.ts';

/** One wheel, pinned to the byte. */
export interface PinnedWheel {
  /** The wheel's own file name: gives the package, its version and the tags of Python, ABI and platform that pip is asked for. */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

const POLL_MS = 250;

/**
 * Downloads one pinned wheel with the user's own pip (so that its index, proxy and certificates hold) into `folder`, and gives its path.
 * Works with every Python 3, whatever Python the wheel is for: nothing of it is installed or run.
 *
 * @param onBytes told now and then how many bytes have arrived.
 * @throws MachineError where pip fails, or the file is not the pinned one (it is then deleted).
 */
export async function pipDownload(
  wheel: PinnedWheel,
  folder: string,
  pip: Pip,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<string> {
  const temporary = path.join(folder, 'pip');
  const target = path.join(folder, wheel.file);
  await mkdir(temporary, { recursive: true });
  const requirements = path.join(temporary, 'requirements.txt');
  await writeFile(requirements, `${requirementOf(wheel.file)} --hash=sha256:${wheel.sha256}\n`);
  const watch = setInterval(() => void bytesUnder(folder).then(onBytes), POLL_MS);
  try {
    const [program, ...args] = pip.command;
    const result = await runProgram(program, [...args, ...pipArguments(wheel.file, requirements, folder)], {
      // pip keeps what arrives in a temporary file: here it can be watched, and is cleaned up with the folder.
      env: { ...process.env, TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: '0', PIP_USER: '0' },
    });
    if (result.code !== 0) {
      const reason = `${result.stderr}\n${result.stdout}`
        .split('\n')
        .filter((line) => /^(ERROR|WARNING):? /.test(line));
      throw new MachineError([
        `pip could not download ${wheel.file} (${pip.command.join(' ')}, ${pip.version}); check the network, or pip's index and proxy settings (pip config list)`,
        ...(reason.length > 0 ? reason.slice(-4) : [result.stderr.trim().slice(-500)]).map((line) => `pip: ${line}`),
      ]);
    }
  } finally {
    clearInterval(watch);
    await rm(temporary, { recursive: true, force: true });
  }
  await checkWheel(target, wheel);
  onBytes(wheel.bytes);
  return target;
}

/** @throws MachineError where the file is not the pinned one; it is then deleted. */
async function checkWheel(file: string, wheel: PinnedWheel): Promise<void> {
  const digest = await sha256File(file);
  if (digest === wheel.sha256) return;
  await rm(file, { force: true });
  throw new MachineError(`${wheel.file}: expected SHA-256 ${wheel.sha256}, got ${digest}; the download was deleted`);
}

/** `tensorflow_cpu-2.21.0-cp311-...whl` -> `tensorflow-cpu==2.21.0`. */
function requirementOf(file: string): string {
  const [name, version] = file.split('-');
  return `${name!.replaceAll('_', '-')}==${version}`;
}

/** Asks for the wheel's own tags, because pip would otherwise look for a wheel of the Python that it runs on. */
function pipArguments(file: string, requirements: string, folder: string): string[] {
  const [, , python, abi, platforms] = file.replace(/\.whl$/, '').split('-');
  const wanted = platforms!.split('.').filter((platform) => platform !== 'any');
  const version = /^cp(\d)(\d+)$/.exec(python!);
  return [
    ...['download', '--no-deps', '--only-binary=:all:', '--require-hashes', '--no-cache-dir', '--no-input'],
    ...['--disable-pip-version-check', '--progress-bar=off', '--requirement', requirements, '--dest', folder],
    ...wanted.flatMap((platform) => ['--platform', platform]),
    ...(version ? ['--implementation', 'cp', '--python-version', `${version[1]}.${version[2]}`, '--abi', abi!] : []),
  ];
}

async function bytesUnder(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    // Files come and go while they are counted.
    if (entry.isFile())
      bytes += await stat(path.join(entry.parentPath, entry.name)).then(
        (file) => file.size,
        () => 0,
      );
  }
  return bytes;
}
