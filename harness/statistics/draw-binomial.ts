import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** From this mean on, rejection is quicker than adding chances up. */
const INVERSION_UP_TO = 10;

/**
 * The number of successes in `n` trials with the chance `p`, drawn exactly: by inversion where few are expected, otherwise by transformed rejection (Hörmann 1993, "The
 * generation of binomial random variates", algorithm BTRS), whose time does not grow with `n`.
 */
export function drawBinomial(random: RandomGenerator, n: number, p: number): number {
  if (p > 0.5) return n - drawBinomial(random, n, 1 - p);
  if (n === 0 || p <= 0) return 0;
  return n * p < INVERSION_UP_TO ? byInversion(random, n, p) : byRejection(random, n, p);
}

function byInversion(random: RandomGenerator, n: number, p: number): number {
  const odds = p / (1 - p);
  let chance = (1 - p) ** n;
  let left = uniformFloat64(random);
  let k = 0;
  while (left > chance && k < n) {
    left -= chance;
    k++;
    chance *= (odds * (n - k + 1)) / k;
  }
  return k;
}

function byRejection(random: RandomGenerator, n: number, p: number): number {
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const quick = 0.92 - 4.2 / b;
  for (;;) {
    const u = uniformFloat64(random) - 0.5;
    const v = uniformFloat64(random);
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + centre);
    if (us >= 0.07 && v <= quick) return k;
    if (k < 0 || k > n) continue;
    const mode = Math.floor((n + 1) * p);
    const odds = p / (1 - p);
    const alpha = (2.83 + 5.1 / b) * deviation;
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      stirlingRest(mode) +
      stirlingRest(n - mode) -
      stirlingRest(k) -
      stirlingRest(n - k);
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= bound) return k;
  }
}

/** ln k! minus Stirling's formula around k + 1, for k = 0 ... 9. */
const RESTS = [
  0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
  0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871,
];

function stirlingRest(k: number): number {
  const m = k + 1;
  return RESTS[k] ?? (1 / 12 - (1 / 360 - 1 / 1260 / (m * m)) / (m * m)) / m;
}
