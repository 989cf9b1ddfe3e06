/** How the paper's figures were made, where it differs between reports: arXiv 2511.18659 (Tables 8 to 10 of version 3) and apple/ml-clara (scripts). */
export const paperSetup = {
  /** Candidates of a question in end-to-end training and in the tables of recall. */
  candidates: 20,
  /** Of those, given to the generator. */
  k: 5,
  /** Documents of a question before end-to-end training. */
  documents: 5,
  /** Questions of each benchmark. */
  questions: {
    nq: { training: 58_622, test: 6_489 },
    hotpotqa: { training: 90_185, test: 7_384 },
    musique: { training: 168_745, test: 2_417 },
    '2wiki': { training: 167_454, test: 12_576 },
  },
  /** Passages of pretraining and questions of instruction tuning. */
  pretraining: 2_000_000,
  instruction: 453_000,
} as const;

/** A benchmark that the paper has figures for. */
export type PaperBenchmark = keyof typeof paperSetup.questions;

const NAMES: Readonly<Record<PaperBenchmark, RegExp>> = {
  nq: /(^|-)(nq|natural-?questions)(-|$)/,
  hotpotqa: /(^|-)hotpot-?(qa)?(-|$)/,
  musique: /(^|-)musique(-|$)/,
  '2wiki': /(^|-)(2|two-?)wiki-?(multi-?hop-?)?(qa)?(-|$)/,
};

/** The benchmark of the paper that an id of a user's data means: `nq-open`, `hotpotqa`, `2wikimultihopqa`. Undefined where the paper has no figures. */
export function paperBenchmark(id: string): PaperBenchmark | undefined {
  const plain = id.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return (Object.keys(NAMES) as PaperBenchmark[]).find((name) => NAMES[name].test(plain));
}
