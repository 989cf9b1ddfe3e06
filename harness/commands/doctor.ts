import type { CommandModule } from 'yargs';
import { EXIT } from '../errors.ts';

interface DoctorOptions {
  json: boolean;
}

const MARKS = { ok: 'ok     ', warning: 'warning', wrong: 'WRONG  ' } as const;

/** `clara-bench doctor`: one line for each thing that the program needs, with what to do where it is not right. */
export const doctorCommand: CommandModule<object, DoctorOptions> = {
  command: 'doctor',
  describe: 'Look at the machine: engine, device, speed, memory, caches, models, data',
  builder: (yargs) =>
    yargs
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print JSON: {usable, checks: [{name, state, found, advice}]}',
      })
      .epilogue('Ends with exit code 0 where the engine can be used, else 1.')
      .example('$0 doctor', 'a line for each thing looked at')
      .example('$0 doctor --json > machine.json', 'to file with a bug report'),
  handler: async ({ json }) => {
    const { cacheChecks } = await import('../doctor/cache-checks.ts');
    const { engineChecks } = await import('../doctor/engine-checks.ts');
    const { machineChecks } = await import('../doctor/machine-checks.ts');
    // The speed is measured by itself, and last: looking at folders at the same time would slow it.
    const before = [...(await machineChecks()), ...(await cacheChecks())];
    const checks = [...before, ...(await engineChecks())];
    const usable = checks.every(({ state }) => state !== 'wrong');
    if (json) process.stdout.write(`${JSON.stringify({ usable, checks }, null, 2)}\n`);
    else {
      const width = Math.max(...checks.map(({ name }) => name.length));
      for (const { name, state, found, advice } of checks) {
        process.stdout.write(`${MARKS[state]}  ${name.padEnd(width)}  ${found}\n`);
        if (advice) process.stdout.write(`         ${' '.repeat(width)}  -> ${advice}\n`);
      }
    }
    process.exitCode = usable ? EXIT.done : EXIT.fault;
  },
};
