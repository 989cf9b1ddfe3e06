import type { CommandModule } from 'yargs';
import { askCommand } from './ask.ts';
import { benchCommand } from './bench.ts';
import { checkCommand } from './check.ts';
import { compareCommand } from './compare.ts';
import { dataCommand } from './data.ts';
import { exportCheckpointCommand } from './export-checkpoint.ts';
import { importCheckpointCommand } from './import-checkpoint.ts';
import { modelsCommand } from './models.ts';
import { planCommand } from './plan.ts';
import { runCommand } from './run.ts';
import { pretrainCommand } from './pretrain.ts';
import { predictCommand } from './predict.ts';
import { parityCommand } from './parity.ts';
import { publishCommand } from './publish.ts';
import { scoreCommand } from './score.ts';
import { quickstartCommand } from './quickstart.ts';
import { reconstructCommand } from './reconstruct.ts';
import { reportCommand } from './report.ts';
import { doctorCommand } from './doctor.ts';
import { setupCommand } from './setup.ts';

/** Every command, in the order in which a newcomer meets them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- yargs' own type for a list of commands with different options
export const commands: CommandModule<any, any>[] = [
  quickstartCommand,
  setupCommand,
  doctorCommand,
  modelsCommand,
  dataCommand,
  importCheckpointCommand,
  exportCheckpointCommand,
  askCommand,
  reconstructCommand,
  pretrainCommand,
  predictCommand,
  planCommand,
  runCommand,
  scoreCommand,
  compareCommand,
  checkCommand,
  reportCommand,
  publishCommand,
  parityCommand,
  benchCommand,
];
