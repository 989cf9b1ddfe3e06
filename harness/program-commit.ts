import { access } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from './home.ts';
import { runProgram } from './run-program.ts';

/** A commit of this program, and whether its files differed from it. */
export interface ProgramCommit {
  readonly commit: string;
  readonly changed: boolean;
}

/** The commit of this program's own clone; null where it is no clone, or where git is not there. */
export async function programCommit(): Promise<ProgramCommit | null> {
  const git = (...given: string[]): ReturnType<typeof runProgram> => runProgram('git', ['-C', packageRoot, ...given]);
  try {
    await access(path.join(packageRoot, '.git'));
    const head = await git('rev-parse', 'HEAD');
    const differs = await git('diff-index', '--quiet', 'HEAD');
    return head.code === 0 ? { commit: head.stdout.trim(), changed: differs.code !== 0 } : null;
  } catch {
    return null;
  }
}
