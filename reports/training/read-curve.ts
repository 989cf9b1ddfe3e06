import { describeIssues } from '../../harness/describe-issues.ts';
import { InputError } from '../../harness/errors.ts';
import { readLines } from '../../harness/files/read-lines.ts';
import { curveLineSchema, type CurveLine } from '../../harness/training/curve.ts';

/** A step of a training, and a validation. */
export type CurveStep = Extract<CurveLine, { terms: unknown }>;
export type CurveValidation = Extract<CurveLine, { validation: unknown }>;

/** The curve of a training: its steps and validations, in the order in which they were taken. */
export interface Curve {
  readonly steps: readonly CurveStep[];
  readonly validations: readonly CurveValidation[];
}

/**
 * Reads `curve.jsonl`, whole: it has a line a step.
 *
 * @throws InputError at the first line that is not one of a curve, with file and line.
 */
export async function readCurve(file: string): Promise<Curve> {
  const steps: CurveStep[] = [];
  const validations: CurveValidation[] = [];
  for await (const { text, line } of readLines(file)) {
    const where = `${file}:${line}`;
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch (error) {
      throw new InputError(`${where}: expected one JSON object a line: ${(error as Error).message}`);
    }
    const parsed = curveLineSchema.safeParse(content);
    if (!parsed.success) throw new InputError(describeIssues(parsed.error, where));
    if ('validation' in parsed.data) validations.push(parsed.data);
    else steps.push(parsed.data);
  }
  return { steps, validations };
}
