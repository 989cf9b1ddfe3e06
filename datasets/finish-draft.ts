import { describeIssues } from '../harness/describe-issues.ts';
import { sha256 } from '../harness/files/sha256.ts';
import { collapse } from './collapse.ts';
import { exampleSchema, type Document, type Example } from './example.ts';
import type { Draft } from './format.ts';

/** The gold answer of an unanswerable question that is kept: the word that several scorers treat like yes and no. */
const NO_ANSWER = 'noanswer';

/** Content ids are this many hex digits of a SHA-256: 80 bits. */
const ID_DIGITS = 20;

/**
 * Makes the Example of a draft. White space: every run of it in question, answers, titles and texts becomes one space, none at either end.
 * Equal answers count once, the first place stays. Without a publisher's id, the id is the beginning of the SHA-256 of all that the example holds.
 * `passages`: at most so many candidates; distractors are cut from the end.
 *
 * @returns the example, or its problems, all of them.
 */
export function finishDraft(
  draft: Draft,
  where: string,
  passages = Infinity,
): { example: Example } | { problems: string[] } {
  const answers = [...new Set((draft.unanswerable ? [NO_ANSWER] : draft.answers).map(collapse))];
  const content = { question: collapse(draft.question), answers, ...candidates(draft, passages) };
  const id = draft.id?.trim() || sha256(JSON.stringify(content)).slice(0, ID_DIGITS);
  const problems: string[] = [];
  if (content.question === '') problems.push(`${where}: question: expected a text, got white space only`);
  if (answers[0] === '') problems.push(`${where}: answers[0]: expected a text, got white space only`);
  if (problems.length > 0) return { problems };
  const parsed = exampleSchema.safeParse({ id, ...content });
  return parsed.success ? { example: parsed.data } : { problems: describeIssues(parsed.error, where) };
}

function candidates(draft: Draft, passages: number): Pick<Example, 'docs' | 'pos_index'> {
  const gold = new Set(draft.pos_index);
  let room = Math.max(0, passages - gold.size);
  const kept = draft.docs.flatMap((_, index) => (gold.has(index) || room-- > 0 ? [index] : []));
  return {
    docs: kept.map((index) => collapsed(draft.docs[index]!)),
    pos_index: kept.flatMap((index, at) => (gold.has(index) ? [at] : [])),
  };
}

/** Keys that the document has not are not there either: ids are hashes of the whole. */
function collapsed({ title, text, pairs, paraphrase }: Document): Document {
  return {
    title: collapse(title),
    text: collapse(text),
    ...(pairs && {
      pairs: pairs.map(({ question, answer }) => ({ question: collapse(question), answer: collapse(answer) })),
    }),
    ...(paraphrase !== undefined && { paraphrase: collapse(paraphrase) }),
  };
}
