import { normalTail } from './normal-tail.ts';

/**
 * The value below which a standard normal variable lies with the chance `p`; -Infinity at 0 and Infinity at 1. The rational approximation of Abramowitz and Stegun 26.2.23
 * (off by at most 4.5e-4), made exact by Halley's method.
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p <= 0) return -Infinity;
  const t = Math.sqrt(-2 * Math.log(p));
  // The upper quantile: P(Z > x) = p.
  let x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 3; step++) {
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const newton = (normalTail(x) - p) / density;
    x += newton / (1 - (x * newton) / 2);
  }
  return -x;
}
