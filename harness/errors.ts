/** Bad input: what was expected, what was got and where, one entry a problem. The program prints them all and ends with exit code 2. */
export class InputError extends Error {
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[], options?: ErrorOptions) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.join('\n'), options);
    this.name = 'InputError';
    this.problems = list;
  }
}

/** Something that the machine lacks or refuses (a compiler, disk, the native engine): no fault of the input or the program. Every problem says what to do; exit code 1. */
export class MachineError extends Error {
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[], options?: ErrorOptions) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.join('\n'), options);
    this.name = 'MachineError';
    this.problems = list;
  }
}

/** Exit codes of every command; outputClosed is what a shell reports of a program that SIGPIPE ended. */
export const EXIT = { done: 0, fault: 1, badInput: 2, belowThreshold: 100, outputClosed: 141 } as const;
