import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { MachineError } from '../errors.ts';
import { runProgram } from '../run-program.ts';

const schema = z.object({
  tensorflow: z.string(),
  device: z.enum(['cpu', 'gpu']),
  /** The add-on's file, links followed. */
  addon: z.string(),
  /** Billions of float32 multiplications and additions a second in one square matrix product. */
  gflops: z.number().positive(),
  /** Rows and columns of the matrices. */
  size: z.int(),
});

/** What the engine is and does here. */
export interface MeasuredEngine extends z.infer<typeof schema> {
  /** Whether TensorFlow says that its oneDNN kernels are on. */
  readonly oneDnn: boolean;
}

const TIMEOUT_MS = 60_000;

/** Loads the engine in a process of its own (whatever goes wrong in native code is an error here), and measures one matrix product for a second. @throws MachineError where it does not run. */
export async function measureEngine(): Promise<MeasuredEngine> {
  const program = fileURLToPath(new URL('./self-test.ts', import.meta.url));
  const result = await runProgram(process.execPath, ['--import', import.meta.resolve('tsx'), program], {
    // TensorFlow says in its log, and nowhere else, whether oneDNN is on.
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '0' },
    timeoutMs: TIMEOUT_MS,
  });
  if (result.code !== 0) {
    const reason =
      /^(?:\w*Error(?: \[\w+\])?|error): (.*)$/m.exec(result.stderr)?.[1] ?? result.stderr.trim().slice(-300);
    throw new MachineError(reason || 'the process that loads the engine was ended by a signal');
  }
  return { ...schema.parse(JSON.parse(result.stdout)), oneDnn: /oneDNN custom operations are on/.test(result.stderr) };
}
