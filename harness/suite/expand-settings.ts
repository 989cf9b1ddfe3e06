/**
 * Every combination of settings: a list stands for one combination for each of its values, in the order written, the last setting changing fastest.
 * A setting that is itself a list is written as a list in a list.
 */
export function expandSettings(settings: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  return Object.entries(settings).reduce<Record<string, unknown>[]>(
    (combinations, [key, given]) =>
      combinations.flatMap((combination) =>
        (Array.isArray(given) ? (given as unknown[]) : [given]).map((value) => ({ ...combination, [key]: value })),
      ),
    [{}],
  );
}
