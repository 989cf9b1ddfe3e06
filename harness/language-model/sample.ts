import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { InputError } from '../errors.ts';
import type { GenerateOptions } from './language-model.ts';

/** Chooses a token from a row's logits. `row` stands for the prompt and `step` is the number of tokens before: with the seed they decide the random number. */
export type Sampler = (logits: Float32Array, row: number, step: number) => number;

/**
 * Temperature and nucleus (top-p) sampling (Holtzman et al., 2020, arXiv 1904.09751), seeded; null for greedy decoding.
 *
 * @throws InputError where the temperature is negative or topP is not in (0, 1]
 */
export function sampler({ temperature = 0, topP = 1, seed = 0 }: GenerateOptions): Sampler | null {
  const problems: string[] = [];
  if (!(temperature >= 0 && Number.isFinite(temperature)))
    problems.push(`temperature: expected a number of at least 0, got ${temperature}`);
  if (!(topP > 0 && topP <= 1)) problems.push(`topP: expected a number above 0 and at most 1, got ${topP}`);
  if (problems.length > 0) throw new InputError(problems);
  if (temperature === 0) return null;
  return (logits, row, step) => {
    let max = -Infinity;
    for (const logit of logits) if (logit > max) max = logit;
    const weights = Float64Array.from(logits, (logit) => Math.exp((logit - max) / temperature));
    const total = weights.reduce((a, b) => a + b, 0);
    const byWeight = Array.from(weights.keys()).filter((id) => weights[id]! > 0);
    byWeight.sort((a, b) => weights[b]! - weights[a]! || a - b);
    let kept = 0;
    let mass = 0;
    while (kept < byWeight.length && mass < topP * total) mass += weights[byWeight[kept++]!]!;
    let left = uniform(seed, row, step) * mass;
    for (let i = 0; i < kept; i++) {
      left -= weights[byWeight[i]!]!;
      if (left < 0) return byWeight[i]!;
    }
    return byWeight[kept - 1]!;
  };
}

/** A number in [0, 1) that depends on the three alone. */
function uniform(seed: number, row: number, step: number): number {
  const mixed = Math.imul(seed ^ Math.imul(row + 1, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(step + 1, 0xc2b2ae35);
  const generator = xoroshiro128plus(mixed | 0);
  for (let i = 0; i < 4; i++) generator.next();
  return (generator.next() >>> 0) / 2 ** 32;
}
