/** How a check ended; `nothing` where there was nothing for it to look at. */
export type Outcome = 'ok' | 'warning' | 'failed' | 'nothing';

/** What a check found. */
export interface CheckResult {
  readonly check: string;
  /** What must hold. */
  readonly rule: string;
  readonly outcome: Outcome;
  /** What was looked at, and how much of it. */
  readonly lookedAt: Readonly<Record<string, number>>;
  readonly failures: number;
  readonly warnings: number;
  /** The first of each. */
  readonly details: readonly string[];
}

/** A check that fails everywhere says nothing new after so many. */
const MAX_DETAILS = 20;

/** Collects what one check looks at and finds: all are counted, the first are kept. */
export class Findings {
  readonly #lookedAt = new Map<string, number>();
  readonly #details = { failures: [] as string[], warnings: [] as string[] };
  readonly #counts = { failures: 0, warnings: 0 };

  /** Counts what was looked at. */
  look(what: string, amount = 1): void {
    this.#lookedAt.set(what, (this.#lookedAt.get(what) ?? 0) + amount);
  }

  /** Something that must not be, or several such things. */
  fail(texts: string | readonly string[]): void {
    this.#add('failures', texts);
  }

  /** Something that need not be wrong, or several such things. */
  warn(texts: string | readonly string[]): void {
    this.#add('warnings', texts);
  }

  /** What was found, under the check's name. */
  result({ id, rule }: { readonly id: string; readonly rule: string }): CheckResult {
    const { failures, warnings } = this.#counts;
    const looked = [...this.#lookedAt.values()].some((amount) => amount > 0);
    return {
      check: id,
      rule,
      outcome: failures > 0 ? 'failed' : warnings > 0 ? 'warning' : looked ? 'ok' : 'nothing',
      lookedAt: Object.fromEntries(this.#lookedAt),
      failures,
      warnings,
      details: [...this.#details.failures, ...this.#details.warnings].slice(0, MAX_DETAILS),
    };
  }

  #add(kind: 'failures' | 'warnings', found: string | readonly string[]): void {
    const texts = typeof found === 'string' ? [found] : found;
    this.#counts[kind] += texts.length;
    this.#details[kind].push(...texts.slice(0, MAX_DETAILS - this.#details[kind].length));
  }
}
