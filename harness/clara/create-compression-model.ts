import { slice } from '../engine/kernels.ts';
import { tf, type Tensor, type Variable } from '../engine/tensorflow.ts';
import { createLoraAdapter, disposeLoraAdapter, type LoraAdapter } from '../language-model/lora.ts';
import type { DecoderWeights } from '../language-model/decoder-weights.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { loraInitialisation } from '../language-model/lora-initialisation.ts';
import { deriveSeed } from '../training/derive-seed.ts';
import type { NamedVariable } from '../training/trainable.ts';
import { ADAPTER_NAMES } from './adapter-names.ts';
import type { CompressionModel } from './compression-model.ts';
import type { CompressionSettings } from './compression-settings.ts';
import { createProjector, projectorVariables } from './projector.ts';
import { mostMemory } from './memory-count.ts';
import { specialEmbeddings } from './special-embeddings.ts';
import { OTHER_TOKENS, specialTokens, specialTokenTexts } from './special-tokens.ts';

/** A compression model whose parts can be read from and written to a checkpoint. */
export interface OwnedCompressionModel extends CompressionModel {
  readonly others: Variable;
  readonly headRows: readonly [Variable, Variable] | null;
  readonly settings: CompressionSettings;
  /** Frees everything but the backbone. */
  dispose(): void;
}

/**
 * A backbone with fresh adapters (B is zero) and special tokens, by a seed; a query reasoner only where it is asked for. The backbone must live longer.
 */
export function createCompressionModel(
  { config, weights, tokenizer, renderChat }: LanguageModel,
  settings: CompressionSettings,
  seed: number,
  { queryReasoner = false }: { readonly queryReasoner?: boolean } = {},
): OwnedCompressionModel {
  const memory = mostMemory(settings);
  const special = specialTokens(tokenizer.vocabularySize, memory);
  const base = withoutPadding(weights, tokenizer.vocabularySize);
  const added = memory + OTHER_TOKENS.length;
  const rows = (table: Tensor, part: number): Tensor =>
    specialEmbeddings(table, added, deriveSeed(seed, part), settings.newTokens);
  const variable = (value: Tensor, trainable = false): Variable => tf.tidy(() => tf.variable(value, trainable));
  const specialRows = (table: Tensor, part: number, trainable: boolean): [Variable, Variable] =>
    tf.tidy(() => {
      const all = rows(table, part);
      const hidden = config.hiddenSize;
      return [
        variable(slice(all, [0, 0], [memory, hidden]), trainable),
        variable(slice(all, [memory, 0], [OTHER_TOKENS.length, hidden])),
      ];
    });
  const [memoryRows, others] = specialRows(base.embedding, 0, true);
  const headRows = config.tiedEmbeddings ? null : specialRows(base.head, 1, false);
  const projector =
    settings.compressor === 'projection' ? createProjector(config.hiddenSize, deriveSeed(seed, 5)) : null;
  const adapter = (part: number): LoraAdapter =>
    createLoraAdapter(
      config,
      projector ? { ...settings, blocks: [] } : settings,
      loraInitialisation(deriveSeed(seed, part)),
    );
  const adapters = {
    encoder: adapter(2),
    decoder: adapter(3),
    queryReasoner: queryReasoner ? adapter(4) : null,
  };
  return {
    config,
    weights: base,
    tokenizer: tokenizer.withTokens(specialTokenTexts(memory)),
    renderChat,
    special,
    settings,
    memory: memoryRows,
    others,
    headRows,
    projector,
    ...adapters,
    dispose: () => {
      tf.dispose([memoryRows, others, ...(headRows ?? [])]);
      for (const { variable } of projector ? projectorVariables(projector) : []) variable.dispose();
      for (const one of Object.values(adapters)) if (one) disposeLoraAdapter(one);
      for (const table of ['embedding', 'head'] as const) if (base[table] !== weights[table]) base[table].dispose();
    },
  };
}

/** Variables of a compression model by their names in a checkpoint: a projector's are among the encoder's; those of the head's added rows only where the head is not the embedding. */
export function compressionVariables({ memory, others, headRows, projector, ...adapters }: OwnedCompressionModel): {
  readonly encoder: NamedVariable[];
  readonly decoder: NamedVariable[];
  readonly queryReasoner: NamedVariable[];
  readonly memory: NamedVariable;
  readonly tables: NamedVariable[];
} {
  const named = (part: keyof typeof ADAPTER_NAMES): NamedVariable[] =>
    (adapters[part]?.matrices ?? []).map((matrix) => ({ ...matrix, name: `${ADAPTER_NAMES[part]}.${matrix.name}` }));
  return {
    encoder: [...named('encoder'), ...(projector ? projectorVariables(projector) : [])],
    decoder: named('decoder'),
    queryReasoner: named('queryReasoner'),
    memory: { name: 'memory_embeddings', variable: memory },
    tables: [
      { name: 'special_embeddings', variable: others },
      ...(headRows
        ? [
            { name: 'memory_head', variable: headRows[0] },
            { name: 'special_head', variable: headRows[1] },
          ]
        : []),
    ],
  };
}

/** A model may have more rows than its tokenizer has tokens, so that their number is round; the reference drops them where it adds tokens. */
function withoutPadding(weights: DecoderWeights, vocabulary: number): DecoderWeights {
  const { embedding, head } = weights;
  if (embedding.shape[0] === vocabulary) return weights;
  const cut = (table: Tensor): Tensor => slice(table, [0, 0], [vocabulary, table.shape[1]!]);
  const short = cut(embedding);
  return { ...weights, embedding: short, head: head === embedding ? short : cut(head) };
}
