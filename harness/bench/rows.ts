/** Rows of the bench, in the order in which they are measured. */
export const ROWS: readonly {
  readonly name: string;
  readonly unit: string;
  readonly what: string;
  readonly peer?: string;
  /** The model that it is about, whichever one is asked for. */
  readonly model?: string;
}[] = [
  { name: 'prefill', unit: 'tokens/s', what: '4 prompts of 256 tokens, logits of the last position', peer: 'prefill' },
  { name: 'decode-16', unit: 'tokens/s', what: '16 prompts of 256 tokens, 32 new ones, greedy', peer: 'decode-16' },
  { name: 'decode-1', unit: 'tokens/s', what: '1 prompt of 256 tokens, 32 new ones, greedy', peer: 'decode-1' },
  {
    name: 'lora-step',
    unit: 'tokens/s',
    what: 'rank 16 on all linear layers, 4 x 256, loss on the last 32',
    peer: 'lora-step',
  },
  { name: 'lora-step-recomputed', unit: 'tokens/s', what: 'the same with gradient checkpointing', peer: 'lora-step' },
  {
    name: 'clara-compress',
    unit: 'documents/s',
    what: '8 documents of 128 tokens, ratio 16, without gradients',
    peer: 'clara-compress',
  },
  {
    name: 'clara-step',
    unit: 'questions/s',
    what: 'one step of instruction tuning: 2 questions x 5 documents x 128 tokens, ratio 16, rank 16',
    peer: 'clara-step',
  },
  {
    name: 'clara-step-recomputed',
    unit: 'questions/s',
    what: 'the same with gradient checkpointing',
    peer: 'clara-step',
  },
  {
    name: 'nano-text-step',
    unit: 'questions/s',
    what: 'one step of text-lora: 16 questions with 8 passages, rank 16',
    peer: 'nano',
    model: 'nano',
  },
  {
    name: 'nano-pretraining-step',
    unit: 'passages/s',
    what: 'one step of compression pretraining: 32 passages at ratios 4 to 32, rank 16',
    peer: 'nano',
    model: 'nano',
  },
  {
    name: 'nano-instruction-step',
    unit: 'questions/s',
    what: 'one step of instruction tuning: 16 questions with 3 passages at ratio 4, rank 16',
    peer: 'nano',
    model: 'nano',
  },
  {
    name: 'nano-text-answers',
    unit: 'questions/s',
    what: '50 questions with 8 passages as text, 4 new tokens',
    peer: 'nano',
    model: 'nano',
  },
  {
    name: 'nano-clara-answers',
    unit: 'questions/s',
    what: '50 questions: 8 passages compressed at ratio 4 and ranked, 3 read, 4 new tokens',
    peer: 'nano',
    model: 'nano',
  },
  {
    name: 'bootstrap',
    unit: 'draws/s',
    what: 'samples of 100,000 questions, all values different',
  },
  { name: 'score', unit: 'answers/s', what: '200,000 answers, all metrics of the default preset' },
  { name: 'report-100-cells', unit: 'cells/s', what: 'a report over 100 runs of 5,000 questions' },
];
