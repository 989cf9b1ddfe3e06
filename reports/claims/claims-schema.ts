import { z } from 'zod';
import { expected } from '../../harness/expected.ts';

const positive = z.number(expected('a number above 0')).positive(expected('a number above 0'));

/** Which configuration a side of a claim is of; a bare text is the system's id. */
const selector = z.preprocess(
  (given) => (typeof given === 'string' ? { id: given } : given),
  z.strictObject({
    id: z.string().min(1),
    /** Nominal compression ratio. */
    ratio: positive.optional(),
    /** Settings that tell it from others; of a stage of training as `instruction.docs`. */
    settings: z.record(z.string(), z.unknown()).default({}),
    /** Id of the model; needed where the runs are of several. */
    model: z.string().optional(),
    /** One training seed of several. */
    seed: z.int().optional(),
  }),
);

/** What can be claimed. `better` and `not-worse` go by which values of the metric are the better ones, `above` and `below` by the numbers alone. */
const CLAIMS = ['better', 'not-worse', 'above', 'below'] as const;

const claim = z
  .strictObject({
    claim: z.enum(CLAIMS, expected(CLAIMS.join(', '))),
    system: selector,
    than: selector,
    metric: z.string().min(1).default('exact-match'),
    /** A benchmark's id or name, with its split after a slash where there are several; needed where the runs are of several. */
    benchmark: z.string().min(1).optional(),
    /** Of both sides, where their systems have a ratio and they do not say their own. */
    ratio: positive.optional(),
    /** By how much more (of `not-worse`: how much worse at most): percentage points of shares, otherwise in the metric's unit. */
    margin: z.number(expected('a number from 0 on')).min(0, expected('a number from 0 on')).optional(),
  })
  .check(({ value, issues }) => {
    if (value.claim !== 'not-worse' || (value.margin ?? 0) > 0) return;
    const message = 'expected a margin above 0 with not-worse: that nothing was found is no claim';
    issues.push({ code: 'custom', input: value, path: ['margin'], message });
  });

/** What a file of claims holds. */
export const claimsSchema = z.strictObject({
  description: z.string().optional(),
  claims: z.array(claim).min(1, 'expected at least one claim'),
});

/** A sentence that runs must bear out: one configuration with another, by one metric. */
export type Claim = z.output<typeof claim>;

/** Which configuration a side is of. */
export type Selector = Claim['system'];
