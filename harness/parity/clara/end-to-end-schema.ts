import { z } from 'zod';

const ids = z.array(z.int());
const rows = z.array(ids);
const numbers = z.array(z.number());
const matrix = z.array(numbers);
const mask = z.array(numbers);
const texts = z.array(z.string());

/** Gradient of a low-rank matrix, row-major; the memory tokens' embeddings have all their rows. */
const gradient = z.union([
  z.object({ norm: z.number(), first8: numbers }),
  z.object({ norm: z.number(), mem_rows: matrix, other_rows_norm: z.literal(0) }),
]);
const gradients = z.record(z.string(), gradient);

const memory = z.object({ norms: matrix, values: z.array(matrix) });
const lastPosition = { logits_last_position_first16: matrix, logits_last_position_norm: numbers };
const batch = {
  enc_input_ids: rows,
  enc_attention_mask: mask,
  dec_input_ids: rows,
  dec_attention_mask: mask,
  labels: rows,
  docs: z.array(texts),
};
const compressionResults = z.object({
  f64: z.object({
    memory_embeddings: memory,
    mse_loss: z.number(),
    loss_ce: z.number(),
    loss_total: z.number(),
    grads_ce: gradients,
    grads_total: gradients,
    ...lastPosition,
  }),
});
const answered = { questions: texts, answers: texts };
const prompts = { prompt_input_ids: rows, prompt_attention_mask: mask, new_token_ids: rows };

const plainForward = z.object({
  logits_first_row_first16: numbers,
  logits_last_row_first16: numbers,
  logits_norm: z.number(),
  hidden_norms_embedding_then_layers_last_is_after_final_norm: numbers,
  last_hidden_last_row: numbers,
});

/** Layout of end_to_end.json: a tiny model through all stages of the reference. */
export const endToEndGoldens = z.object({
  clara: z.object({
    doc_max_length: z.int().positive(),
    compr_rate: z.int().positive(),
    n_mem_tokens: z.int().positive(),
    lora_r: z.int().positive(),
    lora_alpha: z.number().positive(),
    special_tokens: z.record(z.string(), z.int()),
    chat_template: z.string(),
    mse_weight: z.number(),
  }),
  plain_forward_f64: z.object({ input_ids: rows, by_active_adapter: z.record(z.string(), plainForward) }),
  stage1: z.object({
    // Questions and answers of a document, or no question and a paraphrase.
    batch: z.object({ ...batch, questions: z.array(z.union([texts, z.literal('')])), answers: z.array(texts) }),
    results: compressionResults,
  }),
  stage1_2: z.object({
    batch: z.object({ ...batch, ...answered }),
    results: compressionResults,
    if_mem_tokens_were_trainable: z.object({ grads_ce: gradient, grads_total: gradient }),
    greedy_generation_f64: z.object({ ...prompts, max_new_tokens: z.int().positive() }),
  }),
  stage2: z.object({
    generation_top_k: z.int().positive(),
    temperature: z.number(),
    batch: z.object({ ...batch, ...answered, query_input_ids: rows, query_attention_mask: mask }),
    results: z.object({
      f64: z.object({
        memory_embeddings: memory,
        mse_loss: z.number(),
        query_embeddings: z.object({ norms: numbers, values: matrix }),
        scores: matrix,
        topk_W: z.array(matrix),
        topk_idx: rows,
        loss_ce: z.number(),
        grads_ce: gradients,
        ...lastPosition,
      }),
    }),
    if_mem_tokens_were_trainable: z.object({ grads_ce: gradient }),
    inference_generate_from_questions_f64: z.object({
      ...prompts,
      decoded_text: texts,
      topk_idx: rows,
      query_input_ids: rows,
      query_attention_mask: mask,
      scores: matrix,
    }),
  }),
  stage2_pretrain_retrieval: z.object({
    pos_index: rows,
    temperature: z.number(),
    loss_f64: z.number(),
    topk_idx: rows,
    grads_f64: gradients,
  }),
});

/** The content of an end_to_end.json. */
export type EndToEndGoldens = z.infer<typeof endToEndGoldens>;
/** A gradient as it is written there. */
export type GoldenGradient = z.infer<typeof gradient>;

/** The ids of each row that are not masked out. */
export function unmasked(rows: readonly (readonly number[])[], masks: readonly (readonly number[])[]): number[][] {
  return rows.map((row, i) => row.filter((_, at) => masks[i]![at] !== 0));
}
