/** One thing looked at. `wrong` means that nothing can be computed until it is put right. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly found: string;
  /** What to do, where the state is not ok. */
  readonly advice?: string;
}

/** A check that is ok where there is nothing to advise. */
export function check(name: string, found: string, advice?: string, state: Check['state'] = 'warning'): Check {
  return advice === undefined ? { name, state: 'ok', found } : { name, state, found, advice };
}
