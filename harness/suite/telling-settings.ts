import { InputError } from '../errors.ts';
import type { System } from '../system.ts';
import { flattenSettings, type NamedSetting } from '../flatten-settings.ts';
import { canonicalJson } from './canonical-json.ts';

/** A system with one combination of settings, its defaults filled in. */
interface Chosen {
  readonly system: System;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * The settings that tell one of a suite's jobs from others, by name: those that its system does not choose by itself, and those that the suite varies. Of settings inside of others (a stage's),
 * only those that vary between jobs that have the stage.
 */
export function tellingSettings(chosen: Chosen, all: readonly Chosen[]): Record<string, unknown> {
  const { system, settings } = chosen;
  const others = all.filter((other) => other.system.id === system.id).map((other) => other.settings);
  const telling = Object.entries(settings).flatMap(([key, value]): NamedSetting[] => {
    if (isPlain(value)) {
      const alike = others.filter((other) => isPlain(other[key])).map((other) => new Map(flattenSettings({ [key]: other[key] }))); // prettier-ignore
      return flattenSettings({ [key]: value }).filter(([name, leaf]) => alike.some((other) => !same(other.get(name), leaf))); // prettier-ignore
    }
    const varied = others.some((other) => !same(other[key], value));
    return varied || !same(defaultOf(system, settings, key), value) ? [[key, value]] : [];
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

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
