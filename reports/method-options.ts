/** A setting in which CLaRa's paper and code differ, or which decides what a comparison says. */
export interface MethodOption {
  /** What it decides. */
  readonly means: string;
  /** Its values in words. */
  readonly values?: Readonly<Record<string, string>>;
  /** What the code does and what the paper says, where they settle it: a value, or words where it has none. */
  readonly code?: string;
  readonly paper?: string;
  /** Told only where it is not the training loop's default. */
  readonly onlyWhereChanged?: true;
}

/**
 * Settings by their path, or by its last name where they may lie inside of others. Code: apple/ml-clara at 857c3cf; paper: arXiv 2511.18659, third version.
 */
export const methodOptions: Readonly<Record<string, MethodOption>> = {
  from: {
    means: 'the stage whose weights it starts from',
    paper: 'end to end: pretraining and instruction tuning both appear',
  },
  compressor: {
    means: 'what makes a document’s vectors',
    values: {
      'memory-tokens': 'hidden states of memory tokens after the text',
      'mean-pool': 'means of hidden states over equal windows of the text; not CLaRa',
      projection: 'mean of all hidden states of the text under the backbone, through a trained projection; not CLaRa',
    },
    code: 'memory-tokens',
    paper: 'memory-tokens',
  },
  memory: {
    means: 'vectors of a document',
    values: {
      fixed: 'the longest document’s tokens / ratio for every document',
      proportional: 'the document’s own tokens / ratio',
    },
    code: 'fixed',
    paper: 'proportional',
  },
  positions: {
    means: 'positions of the memory tokens',
    values: {
      behind: 'behind the text',
      spread: 'spread over the text: each at the end of its share of it; not CLaRa',
    },
    code: 'behind',
  },
  newTokens: {
    means: 'how the embeddings of the new tokens begin',
    values: {
      mean: 'all at about the mean of the old ones',
      scattered: 'apart from each other like the old ones; not CLaRa',
    },
    code: 'mean',
  },
  'checkpoint.shipped': {
    means: 'pretraining that was not done in this run: a finished checkpoint was taken over',
    values: { true: 'one that comes with the program', false: 'one from a folder' },
    code: 'released checkpoints can be taken over',
  },
  ratios: {
    means:
      'one pretraining for all of these nominal ratios: each passage is learnt from at each of them, the higher ones with the first memory tokens',
    code: 'one pretraining for each ratio',
    paper: 'one pretraining for each ratio',
  },
  passages: {
    means:
      'passages that pretraining learns from at once, at most: 1, 2, ... of them in turn, each compressed by itself, with questions on all of them',
    code: '1',
    paper: '1',
  },
  documentMaxLength: { means: 'tokens of a document that are read at most', code: '256', paper: '256' },
  data: {
    means: 'what pretraining generates from a passage’s vectors',
    values: {
      both: 'answers to the benchmark’s own questions about it, and a paraphrase',
      questions: 'answers to the benchmark’s own questions about it',
      paraphrases: 'a paraphrase',
      answers:
        'answers alone, to the benchmark’s own questions about it, each asked as in instruction tuning; not CLaRa',
      autoencoding: 'the passage’s own text, without a conversation; not CLaRa',
    },
    code: 'both',
    paper: 'both; others as ablations',
  },
  paraphrase: {
    means: 'the paraphrases of pretraining',
    values: {
      given: 'the data’s own; where a passage has none, its text stands in for a paraphrase',
      'own-text': 'the passage’s own text stands in for a paraphrase',
    },
    code: 'written by a teacher model',
    paper: 'written by a teacher model',
  },
  'alignment.form': {
    means: 'alignment loss: squared difference of the mean vectors of a document’s tokens and of its memory tokens',
    values: { mean: 'mean over the coordinates', sum: 'sum over the coordinates' },
    code: 'mean',
    paper: 'sum',
  },
  'alignment.weight': { means: 'weight of the alignment loss', code: '0.1', paper: '0.1; 0 as an ablation' },
  decoder: {
    means: 'the generator’s adapter in instruction tuning',
    values: { restarted: 'starts from nothing', continued: 'goes on from pretraining' },
    code: 'restarted',
    paper: 'continued',
  },
  docs: {
    means:
      'candidates of a question: gold passages, all, the first so many (normal pool), or oracle- and a number: so many with the gold passages among them (oracle pool)',
    code: 'instruction tuning: 5, end to end: 20',
    paper: 'normal and oracle pools',
  },
  k: { means: 'documents that the generator is given', code: '5', paper: '5; 1 to 10 in tests' },
  answers: {
    means: 'the answers that instruction tuning learns',
    values: { gold: 'the first gold answer of each question' },
  },
  'answers.file': { means: 'file of the answers that instruction tuning learns, in place of gold ones' },
  'answers.sha256': { means: 'SHA-256 of that file' },
  memoryTokens: {
    means: 'the memory tokens’ embeddings in instruction tuning',
    values: { frozen: 'as pretraining left them', trained: 'trained on; not CLaRa’s code' },
    code: 'frozen',
    paper: 'learnable',
  },
  temperature: { means: 'temperature of the soft top-k', code: '0.02' },
  masking: {
    means: 'documents already taken, in the soft top-k',
    values: {
      code: 'masked after dividing by the temperature',
      paper: 'masked before dividing by the temperature',
    },
    code: 'code',
    paper: 'paper',
  },
  choice: {
    means: 'the documents that the top-k takes',
    values: { scores: 'the highest scores', masked: 'the largest of each masked soft row' },
    code: 'scores',
    paper: 'masked',
  },
  objective: {
    means: 'what end-to-end training learns from',
    values: {
      answers: 'the answers: one loss for ranker and generator',
      gold: 'which passages are gold: a supervised ranker',
    },
    code: 'answers',
    paper: 'answers; gold as an ablation',
  },
  train: {
    means: 'what a stage changes',
    values: {
      both: 'end to end: query reasoner and generator; before it: compressor and generator',
      encoder: 'the compressor; the generator stays the backbone; not CLaRa',
      generator: 'the generator; the query reasoner is frozen',
      'query-reasoner': 'the query reasoner; the generator is frozen',
    },
    code: 'both',
    paper: 'both; others as ablations',
  },
  queryReasoner: {
    means: 'what the query reasoner starts from',
    values: { compressor: 'a copy of the compressor', random: 'nothing' },
    code: 'compressor',
    paper: 'compressor; random as an ablation',
  },
  schedule: { means: 'learning rate over the steps', code: 'cosine; end to end: constant', paper: 'cosine' },
  optimizer: {
    means: 'what takes the steps',
    values: {
      adamw: 'AdamW',
      muon: 'Muon for matrices of linear layers and of their low-rank additions, AdamW for all else; not CLaRa',
    },
    code: 'adamw',
    onlyWhereChanged: true,
  },
  adamShare: {
    means: 'beside Muon: AdamW’s learning rate, as a share of Muon’s',
    onlyWhereChanged: true,
  },
  floor: { means: 'what the cosine ends at, as a share of the learning rate', code: '0.1' },
  keep: {
    means: 'tokens that are kept of a text under a budget',
    values: { first: 'the first ones', 'self-information': 'those that the backbone finds least expected' },
  },
};

/** Where paper and code differ, or where neither is followed, and there is no choice. */
export const fixedChoices: readonly string[] = [
  'The generator is given the question as text, as in the code; the paper adds the question’s vectors.',
  'Memory tokens are trained in pretraining only, as in the code; the paper calls them learnable.',
  'In end-to-end training the documents’ vectors are computed once, without dropout: the paper’s frozen compressor; the code keeps dropout on in it.',
];
