/** A setting in which CLaRa's paper and code differ, or which decides what a comparison says. */
export interface MethodOption {
  /** What it decides. */
  readonly means: string;
  /** Its values in words. */
  readonly values?: Readonly<Record<string, string>>;
  /** What the code does and what the paper says, where they settle it: a value, or words where it has none. */
  readonly code?: string;
  readonly paper?: string;
}

/**
 * Settings by name. Code: apple/ml-clara at 857c3cf; paper: arXiv 2511.18659, third version. A setting of a nested object is known by its last name.
 */
export const methodOptions: Readonly<Record<string, MethodOption>> = {
  memory: {
    means: 'vectors of a document',
    values: {
      fixed: 'the longest document’s tokens / ratio for every document',
      proportional: 'the document’s own tokens / ratio',
    },
    code: 'fixed',
    paper: 'proportional',
  },
  documentMaxLength: { means: 'tokens of a document that are read at most', code: '256', paper: '256' },
  alignment: {
    means: 'alignment loss between the mean vector of a document’s tokens and that of its memory tokens',
    values: {
      mean: 'squared difference, mean over the coordinates',
      sum: 'squared difference, sum over the coordinates',
    },
    code: 'mean',
    paper: 'sum',
  },
  alignmentWeight: { means: 'weight of the alignment loss', code: '0.1', paper: '0.1' },
  topk: {
    means: 'masking of documents already taken in the differentiable top-k',
    values: {
      code: 'the mask is added after dividing by the temperature',
      paper: 'the mask is divided by the temperature too',
    },
    code: 'code',
    paper: 'paper',
  },
  choice: {
    means: 'the documents that the top-k takes',
    values: { scores: 'plain top-k of the scores', soft: 'the largest of each masked soft row' },
    code: 'scores',
    paper: 'soft',
  },
  decoder: {
    means: 'the generator’s adapter in instruction tuning',
    values: { restarted: 'starts from zero', continued: 'goes on from the stage before' },
    code: 'restarted',
    paper: 'continued',
  },
  initialisation: {
    means: 'the stage that end-to-end training starts from',
    values: { scp: 'compressor pretraining', instruction: 'instruction tuning' },
    paper: 'both appear',
  },
  queryReasoner: {
    means: 'the query reasoner’s adapter at the beginning',
    values: {
      compressor: 'a copy of the compressor’s',
      random: 'random',
      frozen: 'a copy of the compressor’s, not trained',
    },
    code: 'compressor',
    paper: 'compressor',
  },
  data: {
    means: 'what compressor pretraining generates from a passage’s vectors',
    values: {
      both: 'question-answer pairs and paraphrases',
      qa: 'question-answer pairs only',
      paraphrase: 'paraphrases only',
      none: 'nothing: no pretraining',
    },
    code: 'both',
    paper: 'both',
  },
  paraphrase: {
    means: 'paraphrases of compressor pretraining',
    values: {
      'own-text': 'the passage’s own text stands in for a paraphrase',
      teacher: 'written by a teacher model',
    },
    code: 'teacher',
    paper: 'teacher',
  },
  pairs: {
    means: 'question-answer pairs of compressor pretraining',
    values: {
      'own-questions': 'the benchmark’s own questions about the passage stand in for generated ones',
      teacher: 'written by a teacher model',
    },
    code: 'teacher',
    paper: 'teacher',
  },
  retrievalLoss: {
    means: 'what trains the query reasoner',
    values: { none: 'the generator’s loss alone', supervised: 'a contrastive loss with gold passages' },
    code: 'none',
    paper: 'none',
  },
  pool: {
    means: 'candidate documents',
    values: { normal: 'retrieved ones only', oracle: 'with the gold passages put in' },
    paper: 'both appear',
  },
  compressorDropout: {
    means: 'LoRA dropout in the frozen compressor of end-to-end training',
    values: { true: 'on: document vectors are noisy', false: 'off' },
    code: 'true',
    paper: 'not said',
  },
  topK: { means: 'documents given to the generator', code: '5', paper: '5' },
  temperature: { means: 'temperature of the soft top-k', code: '0.02', paper: 'not said' },
  schedule: {
    means: 'learning rate over the steps',
    code: 'cosine; end to end: constant',
    paper: 'cosine',
  },
  floor: { means: 'what the cosine ends at, as a share of the learning rate', code: '0.1', paper: 'not said' },
};
