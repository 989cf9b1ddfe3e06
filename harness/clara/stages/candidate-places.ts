import { chooseDocuments, type DocumentChoice } from '../../../baselines/choose-documents.ts';
import type { Example } from '../../../datasets/example.ts';
import { InputError } from '../../errors.ts';

/** Longer lists of questions help nobody. */
const MAX_PROBLEMS = 20;

/**
 * Places of each training question's candidates among its documents.
 *
 * @param least candidates that a question must have
 * @throws InputError naming the questions that have fewer
 */
export function candidatePlaces(examples: readonly Example[], docs: DocumentChoice, least: number): number[][] {
  const places = examples.map((example) => chooseDocuments(example, docs));
  const problems = places.flatMap(({ length }, at) =>
    length < least
      ? [`training question ${JSON.stringify(examples[at]!.id)}: expected at least ${least} of its documents (docs: ${docs}), got ${length}`] // prettier-ignore
      : [],
  );
  const rest = problems.length - MAX_PROBLEMS;
  if (rest > 0) problems.splice(MAX_PROBLEMS, rest, `and ${rest} further questions`);
  if (problems.length > 0) throw new InputError(problems);
  return places;
}
