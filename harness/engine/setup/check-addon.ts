import { MachineError } from '../../errors.ts';
import { runProgram } from '../../run-program.ts';

/** Loads an add-on in a process of its own, so that whatever goes wrong there (a missing library, an illegal instruction) is an error here. @throws MachineError where it does not load. */
export async function checkAddon(addon: string): Promise<void> {
  const result = await runProgram(process.execPath, ['-e', 'process.dlopen({ exports: {} }, process.argv[1])', addon]);
  if (result.code === 0) return;
  const reason =
    /Error: (.*)/.exec(result.stderr)?.[1] ?? (result.stderr.trim().slice(-300) || 'a signal ended the process');
  throw new MachineError(`the TensorFlow add-on ${addon} does not load here: ${reason}`);
}
