import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { peakMemoryBytes, resetPeakMemory } from '../peak-memory.ts';
import { JsonLinesLog } from '../store/json-lines-log.ts';
import type { RunManifest } from '../store/run-manifest.ts';

/** What a session has cost when the line was written; the last line of a session counts. */
const sessionSchema = z.object({
  session: z.int().positive(),
  startedAt: z.iso.datetime(),
  wallMs: z.number().nonnegative(),
  peakMemoryBytes: z.int().nonnegative(),
});
type Session = z.infer<typeof sessionSchema>;

/** Time and memory of a run over all its sessions, the ended ones too: kept in `sessions.jsonl` after each block. */
export class SessionClock {
  readonly #earlier = new Map<number, Session>();
  readonly #log: JsonLinesLog<Session>;
  readonly #begun = performance.now();
  readonly #startedAt = new Date().toISOString();
  readonly #session: number;

  constructor(folder: string) {
    resetPeakMemory();
    this.#log = JsonLinesLog.open(path.join(folder, 'sessions.jsonl'), sessionSchema, (line) =>
      this.#earlier.set(line.session, line),
    );
    this.#session = Math.max(0, ...this.#earlier.keys()) + 1;
    this.note();
  }

  /** Keeps what the session has cost so far. */
  note(): void {
    this.#log.append(this.#current());
  }

  /** Ends the session: the cost of all of them. */
  close(): Pick<RunManifest, 'wallMs' | 'sessions' | 'peakMemoryBytes' | 'startedAt'> {
    this.note();
    this.#log.close();
    const sessions = [...this.#earlier.values(), this.#current()];
    return {
      startedAt: sessions[0]!.startedAt,
      wallMs: sessions.reduce((sum, { wallMs }) => sum + wallMs, 0),
      peakMemoryBytes: Math.max(...sessions.map((session) => session.peakMemoryBytes)),
      sessions: sessions.length,
    };
  }

  #current(): Session {
    return {
      session: this.#session,
      startedAt: this.#startedAt,
      wallMs: Math.round(performance.now() - this.#begun),
      peakMemoryBytes: peakMemoryBytes(),
    };
  }
}
