import { z } from 'zod';
import { expected } from '../expected.ts';
import { LINEAR_MODULES } from '../language-model/linear-modules.ts';

const positive = z.number(expected('a number above 0')).positive(expected('a number above 0'));
const modules = `a list of at least one of ${LINEAR_MODULES.join(', ')}, each once`;

/** Settings of every LoRA that is trained, to be spread into a stage's own strict schema; the defaults are those of CLaRa's reference implementation. */
export const loraSettings = {
  rank: z.int(expected('a whole number of at least 1')).min(1, expected('a whole number of at least 1')).default(16),
  /** What the low-rank part adds is multiplied by alpha / rank. */
  alpha: positive.default(32),
  /** Share of the inputs of the low-rank part that are zeroed in training. */
  dropout: z
    .number(expected('a number from 0 to below 1'))
    .min(0, expected('a number from 0 to below 1'))
    .lt(1, expected('a number from 0 to below 1'))
    .default(0.1),
  /** Linear layers that get one, in every block. */
  modules: z
    .array(z.enum(LINEAR_MODULES, expected(`one of ${LINEAR_MODULES.join(', ')}`)), expected(modules))
    .min(1, expected(modules))
    .refine((list) => new Set(list).size === list.length, expected(modules))
    .default([...LINEAR_MODULES]),
};
