import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { measurementSchema, median, type Measurement } from './measurement.ts';
import { output } from './output.ts';
import { checkSameWork } from './check-same-work.ts';
import { measureNanoPeer } from './nano-peer.ts';
import { measurePeer, PEER_ROWS } from './peer.ts';
import { ROWS } from './rows.ts';

/** One line of the bench's result; memory in bytes. */
export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly what: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly ratio: number | null;
  /** The same ratio by processor time instead of the clock's: what other work on the machine disturbs less. */
  readonly cpuRatio: number | null;
  readonly peakMemory: number;
  readonly peerPeakMemory: number | null;
  /** CPU seconds over wall seconds of each side. */
  readonly cpu: number;
  readonly peerCpu: number | null;
  readonly runs: number;
}

/** What to measure and against whom. */
export interface BenchOptions {
  /** Model id or path, and its GGUF file for the peer. */
  readonly model: string;
  readonly gguf: string;
  /** A Python, and the folder of the peers' scripts. */
  readonly peer?: { readonly python: string; readonly scripts: string };
  /** How often each side runs, in turn: ours, peer, ours, peer, ... */
  readonly rounds: number;
  /** Repetitions in one run, after one to warm up. */
  readonly repetitions: number;
  readonly only?: RegExp;
  readonly onRow: (row: BenchRow) => void;
  readonly onRun: (what: string) => void;
}

/** Measures each row on both sides in turn, each run in a process of its own; figures are medians over all repetitions of all runs. */
export async function runBench({
  model,
  gguf,
  peer,
  rounds,
  repetitions,
  only,
  onRow,
  onRun,
}: BenchOptions): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { name, unit, what, peer: peerName, model: own = model } of ROWS) {
    if (only && !only.test(name)) continue;
    const ours: Measurement[] = [];
    const theirs: Measurement[] = [];
    for (let round = 1; round <= rounds; round++) {
      const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-'));
      try {
        onRun(`${name}, run ${round} of ${rounds}: ours`);
        ours.push(await measureOurs(name, own, repetitions, folder));
        if (!peer || !peerName) continue;
        onRun(`${name}, run ${round} of ${rounds}: peer`);
        const row = PEER_ROWS[peerName];
        theirs.push(
          await (row
            ? measurePeer(row, peer.python, peer.scripts, gguf, repetitions)
            : measureNanoPeer(peer.python, folder, repetitions)),
        );
        checkSameWork(name, ours.at(-1)!, theirs.at(-1)!);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
    const side = (runs: readonly Measurement[]): { speed: number; memory: number; cpu: number } | null =>
      runs.length === 0
        ? null
        : {
            speed: median(runs.flatMap(({ values }) => values)),
            memory: median(runs.map(({ peakMemory }) => peakMemory)),
            cpu: median(runs.map(({ cpu }) => cpu)),
          };
    const our = side(ours)!;
    const their = side(theirs);
    const row: BenchRow = {
      name,
      unit,
      what,
      ours: our.speed,
      peer: their?.speed ?? null,
      ratio: their ? our.speed / their.speed : null,
      cpuRatio: their ? our.speed / our.cpu / (their.speed / their.cpu) : null,
      peakMemory: our.memory,
      peerPeakMemory: their?.memory ?? null,
      cpu: our.cpu,
      peerCpu: their?.cpu ?? null,
      runs: rounds,
    };
    rows.push(row);
    onRow(row);
  }
  return rows;
}

async function measureOurs(row: string, model: string, repetitions: number, folder: string): Promise<Measurement> {
  const worker = path.join(path.dirname(fileURLToPath(import.meta.url)), 'worker.ts');
  const printed = await output(process.execPath, ['--import', 'tsx', worker, row, model, String(repetitions), folder]);
  return measurementSchema.parse(JSON.parse(printed.trim().split('\n').pop()!));
}
