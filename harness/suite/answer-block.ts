import type { Example } from '../../datasets/example.ts';
import { describeIssues } from '../describe-issues.ts';
import { InputError } from '../errors.ts';
import { predictionSchema, type Prediction } from '../prediction.ts';
import { failureSchema, type Failure, type PredictContext, type System } from '../system.ts';

/** A message goes into a table's foot: a whole tensor in it helps nobody. */
const MAX_ERROR_CHARACTERS = 500;

/**
 * Answers a block. Where the system throws (the memory is full, or a question cannot be answered), what is left of the block is tried again in halves,
 * and only a question that fails alone is a failure. Results come in the order of the examples.
 *
 * @throws InputError where the system gives something else than a Prediction or a Failure of the example whose turn it is.
 */
export async function* answerBlock(
  system: System,
  examples: readonly Example[],
  context: PredictContext,
): AsyncGenerator<Prediction | Failure> {
  let answered = 0;
  let error: unknown;
  const results = predictions(system, examples, { ...context, batch: Math.min(context.batch, examples.length) });
  for (;;) {
    try {
      const next = await results.next();
      if (next.done) break;
      error = undefined;
      const example = examples[answered++];
      yield checked(system, next.value, example);
    } catch (thrown) {
      if (thrown instanceof ContractError) throw thrown;
      error = thrown;
      break;
    }
  }
  const left = examples.slice(answered);
  if (left.length === 0) return;
  if (examples.length === 1) {
    yield { id: left[0]!.id, error: messageOf(error ?? new Error('the system gave no answer')) };
    return;
  }
  // With some answered, the rest is a smaller block already.
  const first = answered > 0 ? left.length : Math.ceil(left.length / 2);
  yield* answerBlock(system, left.slice(0, first), context);
  if (first < left.length) yield* answerBlock(system, left.slice(first), context);
}

/** Starts the system only when the first result is asked for, so that a throw at the start is caught with the others. */
async function* predictions(
  system: System,
  examples: readonly Example[],
  context: PredictContext,
): AsyncGenerator<unknown, void> {
  yield* system.predict(examples, context);
}

/** The system breaks its promise: not a question's failure, but a mistake in the system. */
class ContractError extends InputError {}

function checked(system: System, value: unknown, example: Example | undefined): Prediction | Failure {
  const where = `system ${system.id}: result`;
  if (!example) throw new ContractError(`${where}: expected one result an example, got more`);
  const failed = typeof value === 'object' && value !== null && 'error' in value;
  const parsed = failed ? failureSchema.safeParse(value) : predictionSchema.safeParse(value);
  if (!parsed.success)
    throw new ContractError(describeIssues(parsed.error, `${where} for ${JSON.stringify(example.id)}`));
  if (parsed.data.id !== example.id) {
    throw new ContractError(
      `${where}: expected results in the order of the examples, so ${JSON.stringify(example.id)} now, got ${JSON.stringify(parsed.data.id)}`,
    );
  }
  return parsed.data;
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.length > MAX_ERROR_CHARACTERS ? `${text.slice(0, MAX_ERROR_CHARACTERS)}…` : text;
}
