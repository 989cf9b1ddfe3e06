/** Values of all 65,536 IEEE 754 half floats, by their bits. */
export const float16Values: Float32Array = Float32Array.from({ length: 65_536 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
});

/** Greatest float32 that still rounds to a finite half float, exclusive. */
const OVERFLOW = 65_520;
/** The least power of two whose neighbours are a full 10 bits apart. */
const LEAST_NORMAL = 2 ** -14;

/** The nearest half float of each value, as bits; of two equally near the even one, as IEEE 754 has it. What is too large becomes infinite. */
export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
    const size = Math.abs(value);
    if (Number.isNaN(value)) return 0x7e00;
    if (size >= OVERFLOW) return sign | 0x7c00;
    // Below the least normal one half floats are equally spaced, as in the lowest binade.
    const exponent = size < LEAST_NORMAL ? -14 : Math.floor(Math.log2(size));
    const unit = 2 ** (exponent - 10);
    const steps = roundToEven(size / unit);
    return sign | (size < LEAST_NORMAL ? steps : ((exponent + 14) << 10) + steps);
  });
}

/** Exact for numbers of up to 24 bits: halves are told apart from their neighbours. */
function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
