/** Ticks of a logarithmic axis that a chart has room for. */
const MOST = 8;

/** 1, 2 and 5 times powers of ten inside of the range; powers alone where those are too many. */
export function roundTicks({ min, max }: { readonly min: number; readonly max: number }): number[] {
  const powers = Array.from({ length: 16 }, (_, at) => at - 6);
  const of = (digits: readonly number[]): number[] =>
    powers
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((tick) => tick >= min && tick <= max);
  const all = of([1, 2, 5]);
  return all.length > MOST ? of([1]) : all;
}
