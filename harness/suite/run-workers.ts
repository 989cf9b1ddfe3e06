import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { utimesSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { InputError, MachineError } from '../errors.ts';
import type { Crash } from './run-job.ts';
import type { WorkEvent, WorkOrder } from './worker-protocol.ts';

const WORKER = path.join(import.meta.dirname, 'worker.ts');
const HEARTBEAT_MS = 5_000;
/** How a process ends that the system takes down when memory is short, or that runs out of it in native code. */
const MEMORY_SIGNALS: readonly (string | null)[] = ['SIGKILL', 'SIGABRT', 'SIGSEGV', 'SIGBUS'];
/** Exit code of Node when its own heap is full and it cannot raise a signal. */
const MEMORY_CODES: readonly (number | null)[] = [134, 137];
/** 128 + the signal's number, as a shell has it. */
const EXIT_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Has `count` worker processes do the jobs of an order, and gives what they tell to `listen`. Each gets its share of the processor's threads.
 * A worker that the system takes down is started again, and then answers the block in smaller pieces.
 *
 * SIGINT, SIGTERM and SIGHUP end the workers and this process at once: what lies in the runs is always fit to be continued.
 *
 * @throws what a worker threw, after ending the others.
 */
export async function runWorkers(
  order: WorkOrder,
  count: number,
  listen: (event: WorkEvent) => void,
  onInterrupt: () => void,
): Promise<void> {
  const children = new Set<ChildProcess>();
  const end = (): void => children.forEach((child) => child.kill('SIGKILL'));
  const handlers = Object.entries(EXIT_OF_SIGNAL).map(([signal, code]) => {
    const handler = (): void => {
      end();
      onInterrupt();
      process.exit(code);
    };
    process.once(signal, handler);
    return [signal, handler] as const;
  });
  try {
    await Promise.all(Array.from({ length: count }, () => superviseWorker(order, count, children, listen)));
  } finally {
    end();
    for (const [signal, handler] of handlers) process.off(signal, handler);
  }
}

async function superviseWorker(
  order: WorkOrder,
  count: number,
  children: Set<ChildProcess>,
  listen: (event: WorkEvent) => void,
): Promise<void> {
  let crash: Crash | undefined;
  for (;;) {
    const child = fork(WORKER, {
      execArgv: ['--import', import.meta.resolve('tsx')],
      env: { ...process.env, ...threadShare(count) },
      // What a user's module prints must not get among a command's results.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    children.add(child);
    const state = watch(child, listen);
    child.send({ ...order, crash } satisfies WorkOrder);
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    state.stop();
    children.delete(child);
    if (state.error) throw errorOf(state.error);
    if (code === 0) return;
    const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
    const { block, key } = state;
    const short = MEMORY_SIGNALS.includes(signal) || MEMORY_CODES.includes(code);
    const job = order.jobs.find(({ job }) => job.key === key);
    if (short && job?.kind === 'train') {
      throw new MachineError(
        `${job.label}: its process ${how} (out of memory? a smaller microBatch or checkpointed: true take less); run again to continue`,
      );
    }
    if (!block || !short) {
      throw new MachineError(`a worker process ${how}; run again to continue`);
    }
    const times = crash?.key === block.key && crash.block === block.block ? crash.times + 1 : 1;
    crash = { ...block, times, reason: `the process that answered it ${how} (out of memory?)` };
  }
}

/** Threads of TensorFlow for one of several processes; what the user has set stays. */
function threadShare(count: number): NodeJS.ProcessEnv {
  if (count === 1 || process.env.TF_NUM_INTRAOP_THREADS) return {};
  return { TF_NUM_INTRAOP_THREADS: String(Math.max(1, Math.floor(availableParallelism() / count))) };
}

interface WorkerState {
  /** The job that it is at. */
  key?: string;
  /** The block that it is at. */
  block?: { readonly key: string; readonly block: number };
  error?: Extract<WorkEvent, { type: 'error' }>;
  stop(): void;
}

/** Listens to a worker, and keeps its lock's heartbeat: native code keeps its own event loop busy for minutes. */
function watch(child: ChildProcess, listen: (event: WorkEvent) => void): WorkerState {
  let lock: string | undefined;
  const heartbeat = setInterval(() => {
    try {
      if (lock) utimesSync(lock, new Date(), new Date());
    } catch {
      // Released just now.
    }
  }, HEARTBEAT_MS);
  const state: WorkerState = { stop: () => clearInterval(heartbeat) };
  child.on('message', (event: WorkEvent) => {
    if (event.type === 'begin') {
      lock = event.lock;
      state.key = event.key;
    }
    if (event.type === 'end' || event.type === 'failed') lock = state.block = state.key = undefined;
    if (event.type === 'block') state.block = event;
    if (event.type === 'error') state.error = event;
    listen(event);
  });
  return state;
}

function errorOf({ kind, problems }: Extract<WorkEvent, { type: 'error' }>): Error {
  if (kind === 'input') return new InputError(problems);
  if (kind === 'machine') return new MachineError(problems);
  return new Error(problems.join('\n'));
}
