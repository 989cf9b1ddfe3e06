/** A setting's name and value, `validation.share` for one inside of another. */
export type NamedSetting = readonly [name: string, value: unknown];

/** Settings with those inside of others by their path; lists are values. */
export function flattenSettings(settings: Readonly<Record<string, unknown>>): NamedSetting[] {
  return Object.entries(settings).flatMap(([name, value]): NamedSetting[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? flattenSettings(value as Record<string, unknown>).map(([inner, value]) => [`${name}.${inner}`, value])
      : [[name, value]],
  );
}
