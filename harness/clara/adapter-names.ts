/** Adapters of a compression model by their names in a checkpoint. */
export const ADAPTER_NAMES = {
  encoder: 'encoder_adapter',
  decoder: 'decoder_adapter',
  queryReasoner: 'query_reasoner_adapter',
} as const;
