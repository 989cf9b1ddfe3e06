import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { InputError } from '../errors.ts';

/** What a program prints. @throws InputError with the end of its messages where it cannot be run or fails */
export async function output(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      env: { ...process.env, ...environment },
      maxBuffer: 1 << 26,
    });
    return stdout;
  } catch (error) {
    const { message, stderr = '' } = error as Error & { stderr?: string };
    const last = stderr.trim().split('\n').slice(-5).join('\n');
    throw new InputError(`${[program, ...args].join(' ')}: failed: ${last || message}`);
  }
}
