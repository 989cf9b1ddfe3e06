import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { runManifestSchema, type RunManifest } from '../../../harness/store/run-manifest.ts';

const CLI = path.resolve(import.meta.dirname, '../../../harness/clara-bench.js');

/** What a command said and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary folder that goes when the test is over. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'suite-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a suite over `slow-reverse.ts` and the sample. */
export function writeSuite(folder: string, text: string): string {
  const file = path.join(folder, 'suite.yaml');
  writeFileSync(file, text.replaceAll('./slow-reverse.ts', path.join(import.meta.dirname, 'slow-reverse.ts')));
  return file;
}

/** Starts the real command line. */
export function start(folder: string, ...options: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [CLI, ...options], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr })) };
}

/** A run's manifest and the lines of its files. */
export interface RunContent {
  readonly folder: string;
  readonly manifest: RunManifest;
  readonly predictions: string;
  readonly failures: string;
  readonly sessions: readonly { session: number }[];
}

/** The runs of a folder, by what `name` makes of their manifests. */
export function readRuns(runs: string): RunContent[] {
  const names = readdirSync(runs).filter((name) => name.startsWith('predict-'));
  return names.map((name) => {
    const read = (file: string): string => readFileSync(path.join(runs, name, file), 'utf8');
    const lines = read('sessions.jsonl').trim().split('\n');
    return {
      folder: path.join(runs, name),
      manifest: runManifestSchema.parse(JSON.parse(read('manifest.json'))),
      predictions: read('predictions.jsonl'),
      failures: read('failures.jsonl'),
      sessions: lines.map((line) => JSON.parse(line) as { session: number }),
    };
  });
}
