/** Adapters of a checkpoint by their names there: compressor, generator, query reasoner. */
export const ADAPTERS = ['encoder_adapter', 'decoder_adapter', 'query_reasoner_adapter'] as const;
