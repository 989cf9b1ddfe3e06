/** Whether a value is an object, whose fields can be asked for. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Whether a value is a text that is not empty. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Whether a value is a list of indexes from 0. */
export function isIndexes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
