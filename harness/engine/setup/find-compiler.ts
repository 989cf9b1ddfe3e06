import { runProgram } from '../../run-program.ts';

/** A C++ compiler that runs: its command and the first line of its `--version`. */
export interface Compiler {
  readonly command: string;
  readonly version: string;
}

/** The first C++ compiler that runs, `$CXX` before the usual names; undefined where there is none. */
export async function findCompiler(env: NodeJS.ProcessEnv = process.env): Promise<Compiler | undefined> {
  for (const command of [...(env.CXX ? [env.CXX] : []), 'g++', 'c++', 'clang++']) {
    const result = await runProgram(command, ['--version'], { env }).catch(() => undefined);
    if (result?.code === 0) return { command, version: result.stdout.split('\n')[0]!.trim() };
  }
  return undefined;
}

/** How to get a compiler, for error messages. */
export const COMPILER_HINT =
  'sudo apt-get install g++ (Fedora: sudo dnf install gcc-c++; macOS: xcode-select --install)';
