import { InputError } from '../errors.ts';

/** The object of options KEY=VALUE; values are JSON, or else texts. @throws InputError where one has no `=`. */
export function keyValues(option: string, pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (key === undefined || value === undefined) throw new InputError(`${option}: expected KEY=VALUE, got ${pair}`);
      return [key, jsonOrText(value)];
    }),
  );
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
