/** Centred running mean: the mean of the value at each place with those up to `half` places before and after it, as far as there are any. */
export function smooth(values: readonly number[], half: (place: number) => number): number[] {
  const sums = new Float64Array(values.length + 1);
  for (const [at, value] of values.entries()) sums[at + 1] = sums[at]! + value;
  return values.map((_, at) => {
    const [from, to] = [Math.max(0, at - half(at)), Math.min(values.length, at + half(at) + 1)];
    return (sums[to]! - sums[from]!) / (to - from);
  });
}
