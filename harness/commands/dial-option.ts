/** The option `dial` of commands that open a benchmark; its values go through `keyValues`. */
export const dialOption = {
  type: 'string',
  array: true,
  nargs: 1,
  default: [] as string[],
  describe: 'A dial of atlas, KEY=VALUE (`data generate --help` says which there are)',
} as const;
