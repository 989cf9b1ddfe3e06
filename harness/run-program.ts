import { spawn } from 'node:child_process';

/** What a program left behind when it ended. `code` is null where a signal ended it. */
export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The end of a long output says what went wrong; the rest would only fill the memory. */
const MAX_OUTPUT_CHARACTERS = 256 * 1024;

/**
 * Runs a program to its end, without a shell, and gives its exit code and the end of its output.
 *
 * @throws the error of `spawn` (code ENOENT where there is no such program).
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly timeoutMs?: number } = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: options.env ?? process.env,
      cwd: options.cwd,
      timeout: options.timeoutMs,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout
      .setEncoding('utf8')
      .on('data', (text: string) => (stdout = (stdout + text).slice(-MAX_OUTPUT_CHARACTERS)));
    child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (stderr = (stderr + text).slice(-MAX_OUTPUT_CHARACTERS)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
