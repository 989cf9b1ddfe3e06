import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { printable } from '../../harness/printable.ts';

/** Characters of what the program says that are told where it fails. */
const TOLD = 300;

/** What to print and by what. */
export interface PrintOptions {
  /** A Chromium's file. */
  readonly chromium: string;
  /** The page's file; what it refers to lies beside it. */
  readonly page: string;
  /** After which the program is ended. */
  readonly timeoutMs: number;
}

/**
 * Prints a page as PDF by its style for print, in a profile of its own that is thrown away.
 *
 * @throws Error that says why there is no PDF.
 */
export async function printPage({ chromium, page, timeoutMs }: PrintOptions): Promise<Buffer> {
  const profile = await mkdtemp(path.join(tmpdir(), 'clara-bench-print-'));
  const pdf = path.join(profile, 'page.pdf');
  try {
    const told = await run(
      chromium,
      [
        '--headless',
        `--user-data-dir=${profile}`,
        // Chromium cannot shut itself in where it is run by root, as in most containers.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...['--disable-gpu', '--disable-dev-shm-usage', '--disable-extensions', '--disable-background-networking'],
        ...['--no-first-run', '--no-default-browser-check', '--hide-scrollbars', '--force-color-profile=srgb'],
        // It stands in the file's properties, and names the operating system by default.
        '--user-agent=clara-bench',
        ...['--no-pdf-header-footer', '--generate-pdf-document-outline', `--print-to-pdf=${pdf}`],
        pathToFileURL(page).href,
      ],
      timeoutMs,
    );
    return await readFile(pdf).catch(() => {
      throw new Error(`${path.basename(chromium)} wrote no PDF${told && `: ${told}`}`);
    });
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs a program to its end. @returns the end of what it said. @throws Error where it fails or takes too long. */
async function run(program: string, given: readonly string[], timeoutMs: number): Promise<string> {
  const name = path.basename(program);
  // A group of its own: Chromium's other processes end with it.
  const child = spawn(program, given, {
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'ignore', 'pipe'],
    // The file's dates are of this zone.
    env: { ...process.env, TZ: 'UTC' },
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said = `${said}${data.toString('utf8')}`.slice(-TOLD)));
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    endGroup(child.pid);
  }, timeoutMs);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const told = printable(said.trim().replace(/\s+/g, ' '));
    if (isLate) throw new Error(`${name} was not done after ${timeoutMs / 1000} s and was ended`);
    if (status !== 0) throw new Error(`${name} failed (${status ?? 'ended by a signal'})${told && `: ${told}`}`);
    return told;
  } finally {
    clearTimeout(timer);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended by itself in between.
  }
}
