import { runProgram } from '../run-program.ts';

/** A pip that runs: the command that starts it, and what it says of itself. */
export interface Pip {
  /** `['python3', '-m', 'pip']` or `['pip3']`. */
  readonly command: readonly [string, ...string[]];
  /** The first words of `pip --version`, such as `pip 23.2.1`. */
  readonly version: string;
}

const CANDIDATES: readonly Pip['command'][] = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];

/** The first pip on the PATH that runs; undefined where there is none. */
export async function findPip(env: NodeJS.ProcessEnv = process.env): Promise<Pip | undefined> {
  for (const command of CANDIDATES) {
    const [program, ...args] = command;
    const result = await runProgram(program, [...args, '--version'], { env }).catch(() => undefined);
    const version = /^pip \S+/.exec(result?.stdout ?? '')?.[0];
    if (result?.code === 0 && version) return { command, version };
  }
  return undefined;
}

/** How to get Python with pip, for error messages. */
export const PIP_HINT =
  'sudo apt-get install python3 python3-pip (Fedora: sudo dnf install python3-pip; macOS: brew install python)';
