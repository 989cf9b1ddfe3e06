import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { EXIT, InputError, MachineError } from './errors.ts';
import { commands } from './commands/index.ts';
import { printable } from './printable.ts';

// The reader has gone (`| head`): nobody is left to work for or to tell.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.outputClosed);
    throw error;
  });
}

await yargs(hideBin(process.argv))
  .scriptName('clara-bench')
  .usage(
    '$0 <command>\n\nTrains and evaluates CLaRa against text-based baselines and reports recall, exact match and F1.',
  )
  .command(commands)
  .demandCommand(1, 'Expected a command.')
  .recommendCommands()
  .strict()
  .wrap(Math.min(120, process.stdout.columns || 100))
  .fail((message, error, parser) => {
    if (!error) parser.showHelp('error');
    fail(error ?? new InputError(message));
  })
  .parseAsync()
  .catch(fail);

/** Bad input and a lacking machine get their problems, one a line, without a stack; anything else is a fault and shows where it happened. */
function fail(error: unknown): never {
  if (error instanceof InputError || error instanceof MachineError) {
    for (const problem of error.problems) process.stderr.write(`error: ${printable(problem)}\n`);
    process.exit(error instanceof InputError ? EXIT.badInput : EXIT.fault);
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(EXIT.fault);
}
