import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

/** Another host's lock counts as left behind after this long without a heartbeat: longer than a block of questions takes on a slow machine. */
const DEAD_AFTER_MS = 15 * 60_000;
const HEARTBEAT_MS = 5_000;

const holderSchema = z.object({
  /** Names this one holding of the lock. */
  token: z.string().regex(/^[0-9a-f]{32}$/),
  host: z.string(),
  pid: z.int().positive(),
  /** Distinguishes a process from a later one with the same pid; empty where the system does not tell. */
  started: z.string(),
});

/** Who holds a lock. */
export type LockHolder = z.infer<typeof holderSchema>;

/**
 * A lock file that one process holds, on this machine or on another one that shares the folder.
 *
 * It appears with its content at once (a hard link to a finished file, which fails where one exists, as O_EXCL does, on network file systems too).
 * The lock of a process that has ended is taken over: who wants it first makes a claim on the dead holder's token, which only one process can,
 * and then renames its own file over the lock. A claimant that dies leaves a claim that is claimed in turn by its own token.
 */
export class JobLock {
  readonly #file: string;
  readonly #holder: LockHolder;
  readonly #heartbeat: NodeJS.Timeout;

  private constructor(file: string, holder: LockHolder) {
    this.#file = file;
    this.#holder = holder;
    this.#heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** Takes the lock, or returns undefined where a living process holds it. */
  static tryAcquire(file: string): JobLock | undefined {
    const mine: LockHolder = {
      token: randomBytes(16).toString('hex'),
      host: thisHost(),
      pid: process.pid,
      started: startOf(process.pid),
    };
    const own = `${file}.${mine.token}.part`;
    writeFileSync(own, JSON.stringify(mine), { flag: 'wx', flush: true });
    try {
      return acquire(file, own) ? new JobLock(file, mine) : undefined;
    } finally {
      rmSync(own, { force: true });
    }
  }

  /** Says that the holder lives. Goes by itself; work that keeps the event loop busy for minutes calls it now and then. */
  beat(): void {
    const now = new Date();
    try {
      utimesSync(this.#file, now, now);
    } catch {
      // The folder was taken away: `held` tells the one who works in it.
    }
  }

  /** Path of the lock file. */
  get file(): string {
    return this.#file;
  }

  /** Whether the lock is still this process's: after a long standstill (a suspended machine) another host may have taken it over. */
  held(): boolean {
    return readHolder(this.#file)?.token === this.#holder.token;
  }

  release(): void {
    clearInterval(this.#heartbeat);
    if (this.held()) rmSync(this.#file, { force: true });
  }
}

function acquire(file: string, own: string): boolean {
  if (linkNew(own, file)) return true;
  const dead = readHolder(file);
  const claims: string[] = [];
  // From the lock along the claims on it, as far as their makers have ended.
  for (let holder = dead, at = file; holder && dead && !isAlive(holder, at); holder = readHolder(at)) {
    at = `${file}.${holder.token}.claim`;
    claims.push(at);
    if (!linkNew(own, at)) continue;
    // Whoever read the lock long ago may have claimed a token that is gone since.
    const current = readHolder(file)?.token === dead.token;
    if (current) renameSync(own, file);
    for (const claim of current ? claims : [at]) rmSync(claim, { force: true });
    return current;
  }
  return false;
}

/** Whether the link could be made; false where the name is taken. */
function linkNew(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Who holds a lock file; undefined where there is none (any more), or where it is not one of ours. */
function readHolder(file: string): LockHolder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function isAlive(holder: LockHolder, file: string): boolean {
  if (holder.host !== thisHost()) {
    const beat = statSync(file, { throwIfNoEntry: false });
    return beat !== undefined && Date.now() - beat.mtimeMs < DEAD_AFTER_MS;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: there is one, of another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return holder.started === startOf(holder.pid);
}

/** The machine, and the name space of its process ids: a container's pid says nothing outside of it. */
function thisHost(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** When a process of this machine began: the boot and the clock ticks since; empty where the system does not tell, and other than any beginning for a process that has ended and waits to be reaped. */
function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // Field 22; the name in field 2 may hold spaces and parentheses, so fields are counted from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : `${boot} ${fields[19]}`;
  } catch {
    return '';
  }
}
