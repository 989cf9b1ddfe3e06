import { packSequences } from '../../language-model/packing.ts';
import type { Lay } from '../input-rows.ts';

/** What lengths are rounded up to where steps are recorded as graphs, so that a few graphs serve all steps. */
const ROUNDING = { documents: { total: 128, longest: 128 }, prompts: { total: 64, longest: 64 } } as const;

/** The layout of a step's documents or prompts: packed, and rounded for recorded graphs. */
export function graphLayout(which: keyof typeof ROUNDING, rounded: boolean): Lay {
  return rounded ? (lengths) => packSequences(lengths, ROUNDING[which]) : (lengths) => packSequences(lengths);
}
