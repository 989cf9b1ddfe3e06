import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { COMPILER_HINT, findCompiler } from '../engine/setup/find-compiler.ts';
import { hasNvidiaDriver } from '../engine/setup/nvidia-driver.ts';
import { findPip, PIP_HINT } from '../files/find-pip.ts';
import { runProgram } from '../run-program.ts';
import { check, type Check } from './check.ts';

const OLDEST_NODE = [20, 19] as const;
/** A 135-million-parameter model answers in 2 GB; with less than this at hand even that one is at risk. */
const LITTLE_MEMORY = 3e9;
/** The instructions that matrix products gain most from, as Linux names them. */
const FEATURES = ['avx2', 'fma', 'avx512f', 'avx512_vnni', 'avx512_bf16', 'amx_bf16', 'asimd', 'bf16'];

/** Node, the tools of the set-up, processor, GPU, threads and memory. */
export async function machineChecks(): Promise<Check[]> {
  const [pip, compiler, gpu] = await Promise.all([findPip(), findCompiler(), gpuCheck()]);
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number, number];
  const oldNode = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return [
    check(
      'Node',
      process.versions.node,
      oldNode ? `Node ${OLDEST_NODE.join('.')} or newer is needed` : undefined,
      'wrong',
    ),
    pip
      ? check('Python', `${pip.version} (${pip.command.join(' ')})`)
      : check('Python', 'no Python 3 with pip', `setup and models pull need it; install it with: ${PIP_HINT}`),
    compiler
      ? check('compiler', compiler.version)
      : check('compiler', 'no C++ compiler', `setup needs it; install one with: ${COMPILER_HINT}`),
    processorCheck(),
    ...gpu,
    threadsCheck(),
    memoryCheck(),
  ];
}

function processorCheck(): Check {
  const flags = new Set(cpuFlags());
  const features = FEATURES.filter((feature) => flags.has(feature));
  const found = [cpus()[0]?.model.trim() || process.arch, features.join(' ')].filter(Boolean).join(', ');
  const slow = process.arch === 'x64' && flags.size > 0 && !(flags.has('avx2') && flags.has('fma'));
  return check(
    'processor',
    found,
    slow ? 'without AVX2 and FMA everything is several times slower; use another machine' : undefined,
  );
}

function cpuFlags(): string[] {
  try {
    return /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? [];
  } catch {
    return [];
  }
}

async function gpuCheck(): Promise<Check[]> {
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'];
  const result = await runProgram('nvidia-smi', query, { timeoutMs: 10_000 }).catch(() => undefined);
  if (result?.code === 0) {
    return result.stdout
      .trim()
      .split('\n')
      .map((line, index) => {
        const [name, memory, driver] = line.split(', ');
        return check(`GPU ${index}`, `${name}, ${memory}, driver ${driver}`);
      });
  }
  if (!hasNvidiaDriver()) return [check('GPU', 'none (no NVIDIA driver)')];
  return [
    check(
      'GPU',
      'an NVIDIA driver, but nvidia-smi does not run',
      'look at what nvidia-smi says; the driver and its tools may differ in version',
    ),
  ];
}

function threadsCheck(): Check {
  const cores = availableParallelism();
  const limits = ['TF_NUM_INTRAOP_THREADS', 'OMP_NUM_THREADS'].filter((name) => process.env[name] !== undefined);
  const found = [`${cores} usable`, ...limits.map((name) => `${name}=${process.env[name]}`)].join(', ');
  const few = limits.some((name) => Number(process.env[name]) < cores);
  return check(
    'threads',
    found,
    few && cores > 1
      ? `${limits.join(' and ')} keep cores idle, unless one process a core runs; unset to use all`
      : undefined,
  );
}

function memoryCheck(): Check {
  const free = process.availableMemory();
  // 0 where nothing limits the process; a huge number where the limit is no limit.
  const limit = process.constrainedMemory();
  const total = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  const found = `${gigabytes(free)} of ${gigabytes(total)} free`;
  return check(
    'memory',
    found,
    free < LITTLE_MEMORY
      ? `close other programs; ${gigabytes(LITTLE_MEMORY)} is the least for the smallest model`
      : undefined,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
