/** Which finished runs a command is about: its positional `runs`, and its option `suite`. */
export const finishedRuns = {
  runs: { type: 'string', array: true, demandOption: true, describe: 'Folder of runs (or single runs’ folders)' },
  suite: { type: 'string', describe: 'Only the runs that the suite of this name ran last' },
} as const;
