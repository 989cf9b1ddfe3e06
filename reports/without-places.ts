/** A path from the root of a machine or of a user's folder. */
const PLACE = /^(?:[/~]|[A-Za-z]:[\\/]|\\\\)/;

/** A value of JSON without what says where it was made: of paths the last part is left, and names of machines are left out. */
export function withoutPlaces(value: unknown): unknown {
  if (typeof value === 'string') return PLACE.test(value) ? value.split(/[\\/]/).filter(Boolean).at(-1) : value;
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'host');
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutPlaces(inner)]));
}
