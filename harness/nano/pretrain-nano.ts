import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { nameWords } from '../../datasets/atlas/names.ts';
import { engineVersion } from '../engine/engine-version.ts';
import { tf } from '../engine/tensorflow.ts';
import { InputError } from '../errors.ts';
import { cachedSha256 } from '../files/cached-sha256.ts';
import { sha256 } from '../files/sha256.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { disposeDecoderWeights, loadDecoderWeights } from '../language-model/decoder-weights.ts';
import { loadLanguageModel } from '../language-model/load-language-model.ts';
import { configFromHuggingFace, huggingFaceConfigSchema } from '../language-model/models/config-from-hf.ts';
import { MODEL_MANIFEST, type ModelManifest } from '../language-model/models/model-manifest.ts';
import { openFolderTokenizer } from '../language-model/models/open-folder-tokenizer.ts';
import { writeSafetensors } from '../language-model/weights/write-safetensors.ts';
import { checkpointShape, toCheckpointLayout } from '../training/checkpoint-layout.ts';
import { CURVE } from '../training/curve.ts';
import { deriveSeed } from '../training/derive-seed.ts';
import { Muon } from '../training/muon.ts';
import { train } from '../training/train.ts';
import { trainableWeights } from '../training/trainable-weights.ts';
import type { TrainingSettings } from '../training/training-settings.ts';
import type { TrainingProgress } from '../training/training-stage.ts';
import { conversationReader, type ConversationReader } from './conversation-reader.ts';
import { balanceResidualStream } from './balance-residual-stream.ts';
import { bindingSets, evaluateBinding } from './evaluate-binding.ts';
import { initialWeights } from './initialise.ts';
import { modelShape } from './model-shape.ts';
import { NANO_TOKENS, nanoTokenizer, nanoTokenizerConfig } from './nano-tokenizer.ts';
import { pretrainingTrainable, type PretrainingItem } from './pretraining-trainable.ts';
import { phaseAt, rateShare, type Recipe } from './recipe.ts';
import { stepSequences } from './sequences.ts';

/** What a pretraining is given. */
export interface PretrainOptions {
  readonly recipe: Recipe;
  /** The model's folder; the training has a folder in it. What lies there from an interrupted run is continued. */
  readonly folder: string;
  readonly onProgress: (progress: TrainingProgress) => void;
}

/** How well the model that was written answers: exact match by set, on entities that it has not seen. */
export type BindingScores = Readonly<Record<string, number>>;

/** Questions a set at the end. */
const FINAL_CONTEXTS = 500;
/** Set apart from the validation's. */
const FINAL_SEED = 1;
const VALIDATION_SEED = 2;

/** Files of the model folder beside the manifest. */
const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors', 'pretraining.json'];

/**
 * Pretrains nano by a recipe and writes its model folder: half floats, and `pretraining.json` with the recipe, a hash of the data, the engine, the validations on the way, and the
 * exact match of the half floats read back. Ended at any moment and called again it goes on and ends with the same bytes.
 *
 * @throws InputError where the folder has a training of another recipe. MachineError where the loss stops being a number.
 */
export async function pretrainNano({ recipe, folder, onProgress }: PretrainOptions): Promise<BindingScores> {
  const training = path.join(folder, 'training');
  await mkdir(training, { recursive: true });
  await checkRecipe(path.join(training, 'recipe.json'), recipe);
  const { seed, model } = recipe;
  const tokenizer = nanoTokenizer();
  await writeJson(path.join(folder, 'tokenizer.json'), tokenizer);
  await writeJson(path.join(folder, 'tokenizer_config.json'), nanoTokenizerConfig(model.contextLength));
  const reader = await openFolderTokenizer(folder, []);
  const idOf = (token: string): number => reader.tokenizer.encode(token)[0]!;
  const nameIds = Object.values(nameWords).flatMap(({ first, last }) => [...first, ...last].map(idOf));
  const ids = { begin: idOf(NANO_TOKENS.begin), end: idOf(NANO_TOKENS.end), pad: idOf(NANO_TOKENS.pad) };
  const shape = modelShape(recipe, reader.tokenizer.vocabularySize, ids);
  await writeJson(path.join(folder, 'config.json'), shape);
  const config = configFromHuggingFace(huggingFaceConfigSchema.parse(shape), path.join(folder, 'config.json'));

  const initial = await loadDecoderWeights(config, initialWeights(recipe, config.vocabularySize, nameIds, seed));
  const trained = trainableWeights(config, initial);
  disposeDecoderWeights(initial);
  const read = conversationReader(reader.tokenizer);
  const trainable = pretrainingTrainable(config, trained, read, recipe, seed);
  const steps = recipe.phases.reduce((sum, phase) => sum + phase.steps, 0);
  const { optimiser, validation, saveEvery } = recipe;
  const settings: TrainingSettings = {
    ...{ steps, batch: 1, microBatch: 1, order: 'given', checkpointed: false, saveEvery },
    // What the updates below decide.
    ...{ learningRate: 1, schedule: 'constant', warmup: 0, floor: 1 },
    ...{ beta1: optimiser.beta1, beta2: optimiser.beta2, epsilon: 1e-8 },
    ...{ weightDecay: optimiser.weightDecay, clip: optimiser.clip },
    validation: { share: 0, every: validation.every, patience: null },
  };
  try {
    const items: PretrainingItem[] = Array.from({ length: steps }, (_, i) => ({ step: i + 1 }));
    await train(trainable, items, settings, {
      ...{ folder: training, seed, onProgress },
      validationItems: [{ sets: bindingSets(reader, validation.contexts, deriveSeed(seed, VALIDATION_SEED)) }],
      nameOf: (item) => ('step' in item ? `step ${item.step}` : 'the validation'),
      updates: {
        described: recipe,
        optimiser: (variables) =>
          new Muon(variables, {
            momentum: optimiser.momentum,
            weightDecay: optimiser.weightDecay,
            adam: { beta1: optimiser.beta1, beta2: optimiser.beta2 },
            share: (name) => adamShare(recipe, name),
          }),
        learningRateAt: (step) => {
          const at = phaseAt(recipe, step);
          return at.phase.learningRate * rateShare(at.phase, at.step);
        },
      },
    });
    const written = trained.variables.map((named) => ({
      name: named.name,
      shape: checkpointShape(named),
      values: tf.tidy(() => toCheckpointLayout(named, named.variable).dataSync() as Float32Array),
    }));
    const balanced = balanceResidualStream(written).map((tensor) => ({ ...tensor, values: () => tensor.values }));
    await writeSafetensors(path.join(folder, 'model.safetensors'), balanced, 'F16');
  } finally {
    trainable.dispose();
    disposeDecoderWeights(trained.weights);
  }
  return finish(recipe, folder, read);
}

/** Notes the recipe, or checks that what lies there is of the same. */
async function checkRecipe(file: string, recipe: Recipe): Promise<void> {
  const text = `${JSON.stringify(recipe, null, 2)}\n`;
  const there = await readFile(file, 'utf8').catch(() => undefined);
  if (there !== undefined && there !== text) {
    throw new InputError(`${file}: expected the pretraining of this recipe, got that of another; name another folder`);
  }
  await writeAtomically(file, text);
}

/** null: a matrix, which is Muon's. The embedding and the final norm are scaled by sqrt(hidden) against the form that the share is meant for (see initialise.ts), and with them their rates. */
function adamShare({ model, optimiser }: Recipe, name: string): number | null {
  if (name.endsWith('_proj.weight')) return null;
  const scale = Math.sqrt(model.hidden);
  if (name === 'model.embed_tokens.weight') return optimiser.adamShare * scale;
  return name === 'model.norm.weight' ? optimiser.adamShare / scale : optimiser.adamShare;
}

async function finish(recipe: Recipe, folder: string, read: ConversationReader): Promise<BindingScores> {
  const model = await loadLanguageModel(folder);
  let scores: BindingScores;
  try {
    const sets = bindingSets(model, FINAL_CONTEXTS, deriveSeed(recipe.seed, FINAL_SEED));
    scores = evaluateBinding(model.config, model.weights, sets);
  } finally {
    model.dispose();
  }
  const curve = await readFile(path.join(folder, 'training', CURVE), 'utf8');
  const validations = curve.split('\n').filter((line) => line.includes('"validation"'));
  await writeJson(path.join(folder, 'pretraining.json'), {
    recipe,
    data: dataHash(recipe, read),
    engine: engineVersion(),
    questions: FINAL_CONTEXTS,
    exactMatch: scores,
    validations: validations.map((line) => {
      const { step, validation } = JSON.parse(line) as { step: number; validation: Record<string, number> };
      return { step, ...validation };
    }),
  });
  const files = [];
  for (const name of FILES) {
    const file = path.join(folder, name);
    files.push({ path: name, bytes: (await stat(file)).size, sha256: await cachedSha256(file) });
  }
  const manifest: ModelManifest = { id: 'nano', source: 'clara-bench pretrain nano', files };
  await writeJson(path.join(folder, MODEL_MANIFEST), manifest);
  return scores;
}

/** SHA-256 of the sequences of each phase's first step: another grammar or tokenizer gives another. */
function dataHash(recipe: Recipe, read: ConversationReader): string {
  return sha256(JSON.stringify(recipe.phases.map((phase) => stepSequences(read, phase, recipe.seed))));
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
}
