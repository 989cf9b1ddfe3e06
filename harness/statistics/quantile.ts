/** The quantile of values in rising order, between its neighbours by its distance from them (Hyndman and Fan's type 7, numpy's default). */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const value = sorted[below]!;
  return value + (at - below) * ((sorted[below + 1] ?? value) - value);
}
