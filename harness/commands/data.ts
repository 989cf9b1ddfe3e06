import type { CommandModule } from 'yargs';
import { dataGenerateCommand } from './data/generate.ts';
import { dataImportCommand } from './data/import.ts';
import { dataListCommand } from './data/list.ts';
import { dataShowCommand } from './data/show.ts';
import { dataVerifyCommand } from './data/verify.ts';

/** `clara-bench data`: benchmarks, from the publisher's files to questions that a system is given. */
export const dataCommand: CommandModule = {
  command: 'data <command>',
  describe: 'Import, generate, list, check and look at benchmarks',
  builder: (yargs) =>
    yargs
      .command(dataImportCommand)
      .command(dataGenerateCommand)
      .command(dataListCommand)
      .command(dataVerifyCommand)
      .command(dataShowCommand)
      .demandCommand(1, 'Expected import, generate, list, verify or show.')
      .example(
        '$0 data import hotpotqa hotpot_dev_distractor_v1.json',
        'bring the published dev file in as hotpotqa dev',
      )
      .example('$0 data show sample', 'look at the first question of the shipped sample'),
  handler: () => undefined,
};
