import { availableParallelism } from 'node:os';
import { measureEngine } from '../engine/measure-engine.ts';
import { hasNvidiaDriver } from '../engine/setup/nvidia-driver.ts';
import { MachineError } from '../errors.ts';
import { check, type Check } from './check.ts';

/** An AVX2 core gives 30 to 40; a core that gives this is shared with other work or held back. */
const SLOW_GFLOPS_A_CORE = 10;

/** TensorFlow, oneDNN and speed, from a process that loads the engine and multiplies matrices for a second. */
export async function engineChecks(): Promise<Check[]> {
  try {
    const { tensorflow, device, addon, oneDnn, gflops, size } = await measureEngine();
    const unused = device === 'cpu' && hasNvidiaDriver();
    const slow = gflops < SLOW_GFLOPS_A_CORE * (device === 'cpu' ? availableParallelism() : 100);
    return [
      check(
        'TensorFlow',
        `${tensorflow} on ${device} (${addon})`,
        unused ? 'the GPU is not used; run: npx clara-bench setup --device gpu' : undefined,
      ),
      // TensorFlow has no oneDNN kernels of its own for ARM unless it was built so; on a GPU they do not matter.
      check(
        'oneDNN',
        oneDnn ? 'on' : 'off',
        !oneDnn && device === 'cpu' && process.arch === 'x64'
          ? 'products are 2 to 3 times slower; unset TF_ENABLE_ONEDNN_OPTS or set it to 1'
          : undefined,
      ),
      check(
        'speed',
        `${gflops.toFixed(0)} GFLOP/s (float32 product ${size} x ${size} x ${size}, one second)`,
        slow ? 'other programs use the processor, or it is held back; look with top' : undefined,
      ),
    ];
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    const [found, run] = error.problems[0]!.split('; run: ');
    const again =
      'if that says that there is nothing to do, delete the folder engine in the cache named above and run it again';
    return [check('TensorFlow', found!, `run: ${run ?? `npx clara-bench setup; ${again}`}`, 'wrong')];
  }
}
