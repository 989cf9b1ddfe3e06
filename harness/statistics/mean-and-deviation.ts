/** The mean and the sample standard deviation (n - 1) of values, such as the scores of several training seeds; the deviation is null under two of them. */
export function meanAndDeviation(values: ArrayLike<number>): { mean: number; deviation: number | null } {
  const n = values.length;
  let [mean, squares] = [0, 0];
  for (let at = 0; at < n; at++) {
    const value = values[at]!;
    const distance = value - mean;
    mean += distance / (at + 1);
    squares += distance * (value - mean);
  }
  return { mean: n === 0 ? NaN : mean, deviation: n < 2 ? null : Math.sqrt(squares / (n - 1)) };
}
