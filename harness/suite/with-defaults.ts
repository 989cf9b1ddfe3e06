import { InputError } from '../errors.ts';
import type { System } from '../system.ts';
import { expandSettings } from './expand-settings.ts';

/**
 * A trained system's settings with those of the suite's `defaults` that it takes and that are not given: a setting that is wrong or unknown to the system is not taken.
 */
export function withDefaults(
  system: System,
  given: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (!system.training) return { ...given };
  const problems = (settings: Readonly<Record<string, unknown>>): number => {
    try {
      system.settings(expandSettings(settings)[0]!);
      return 0;
    } catch (error) {
      if (error instanceof InputError) return error.problems.length;
      throw error;
    }
  };
  const without = problems(given);
  const taken = Object.entries(defaults).filter(
    ([key, value]) => !(key in given) && problems({ ...given, [key]: value }) <= without,
  );
  return { ...Object.fromEntries(taken), ...given };
}
