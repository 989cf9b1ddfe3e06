import { InputError } from '../errors.ts';
import type { System } from '../system.ts';
import { canonicalJson } from './canonical-json.ts';

/** A system with one combination of settings, its defaults filled in. */
interface Chosen {
  readonly system: System;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The settings that tell one of a suite's jobs from others: those that its system does not choose by itself, and those that the suite varies. */
export function tellingSettings(chosen: Chosen, all: readonly Chosen[]): Record<string, unknown> {
  const { system, settings } = chosen;
  const others = all.filter((other) => other.system.id === system.id);
  const telling = Object.entries(settings).filter(([key, value]) => {
    const same = (given: unknown): boolean => canonicalJson(given ?? null) === canonicalJson(value ?? null);
    return !same(defaultOf(system, settings, key)) || others.some((other) => !same(other.settings[key]));
  });
  return Object.fromEntries(telling);
}

/** What the system fills in where the setting is left out; undefined where it asks for one. */
function defaultOf(system: System, settings: Readonly<Record<string, unknown>>, key: string): unknown {
  const rest = Object.entries(settings).filter(([name]) => name !== key);
  try {
    return system.settings(Object.fromEntries(rest))[key];
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
