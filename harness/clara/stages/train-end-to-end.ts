import type { Example } from '../../../datasets/example.ts';
import { InputError } from '../../errors.ts';
import { train } from '../../training/train.ts';
import type { TrainContext } from '../../training/training-stage.ts';
import { answeredPrompt } from '../answered-prompt.ts';
import { candidateTexts, CandidateVectors } from '../candidate-vectors.ts';
import { compressionVariables, createCompressionModel, type OwnedCompressionModel } from '../create-compression-model.ts'; // prettier-ignore
import { instructionPrompt } from '../instruction-prompt.ts';
import { loadCheckpoint } from '../load-checkpoint.ts';
import type { EndToEndStage } from '../stage-settings.ts';
import { candidatePlaces } from './candidate-places.ts';
import { writeClaraFile } from './checkpoint-folder.ts';
import { compressionDocument } from './compression-document.ts';
import { endToEndTrainable, type EndToEndItem, type EndToEndObjective } from './end-to-end-trainable.ts';

/**
 * Stage 3, end-to-end training: query reasoner and generator learn from answers alone which candidates to read and how. The compressor is frozen, and the candidates' vectors
 * are computed once, without dropout (the reference compresses anew at each step, with dropout). From the weights of pretraining or of instruction tuning.
 *
 * @throws InputError where there are no weights to start from, or a question has fewer candidates than k
 */
export async function trainEndToEnd(settings: EndToEndStage, context: TrainContext): Promise<void> {
  if (!context.from)
    throw new InputError('end-to-end training: expected a stage before it, pretraining or instruction');
  const base = await context.model();
  const model = createCompressionModel(base, settings, context.seed, { queryReasoner: true });
  const { encoder, decoder, queryReasoner, memory, tables } = compressionVariables(model);
  const trained = {
    both: [...decoder, ...queryReasoner],
    generator: decoder,
    'query-reasoner': queryReasoner,
  }[settings.objective === 'gold' ? 'query-reasoner' : settings.train];
  const all = [...encoder, ...decoder, ...queryReasoner, memory, ...tables];
  const frozen = all.filter(({ name }) => !trained.some((one) => one.name === name));
  const { k, temperature, masking, choice, objective } = settings;
  const goal: EndToEndObjective =
    objective === 'gold'
      ? { from: 'gold', temperature }
      : { from: 'answers', topK: { k, temperature, masking, choice } };
  const trainable = endToEndTrainable(model, trained, goal, settings);
  try {
    await loadCheckpoint(context.from, settings.ratio, [...encoder, ...decoder, memory, ...tables]);
    if (settings.queryReasoner === 'compressor') {
      queryReasoner.forEach(({ variable }, i) => variable.assign(encoder[i]!.variable));
    }
    const vectors = await CandidateVectors.open(model, base.hash, context.cache);
    const places = candidatePlaces(context.examples, settings.docs, objective === 'gold' ? 1 : k);
    await vectors.ensure(context.examples.flatMap((example, at) => candidateTexts(example, places[at]!)));
    const items: EndToEndItem[] = [];
    for (const [at, example] of context.examples.entries()) {
      items.push(await endToEndItem(model, settings, example, places[at]!, vectors));
    }
    await train(trainable, items, settings, { ...context, frozen });
    await writeClaraFile(context.folder, model, base, { stage: 'end-to-end', k });
  } finally {
    trainable.dispose();
    model.dispose();
  }
}

async function endToEndItem(
  model: OwnedCompressionModel,
  { k }: EndToEndStage,
  example: Example,
  places: readonly number[],
  vectors: CandidateVectors,
): Promise<EndToEndItem> {
  const question = model.tokenizer.withoutControlTokens(example.question);
  const messages = instructionPrompt(question, new Array<number>(k).fill(model.special.memory));
  const answer = model.tokenizer.withoutControlTokens(example.answers[0]!);
  const read = await Promise.all(candidateTexts(example, places).map((text) => vectors.read(text)));
  return {
    question: compressionDocument(example.question, model, model.settings),
    candidates: read.map(({ vectors }) => vectors),
    gold: places.flatMap((place, at) => (example.pos_index.includes(place) ? [at] : [])),
    prompt: answeredPrompt(model, messages, answer),
  };
}
