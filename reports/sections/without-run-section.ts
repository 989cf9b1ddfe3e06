import type { Section } from '../document.ts';

/** Which of the paper's tables this report has. */
interface PaperTables {
  readonly compression: boolean;
  readonly endToEnd: boolean;
  readonly reranking: boolean;
  readonly ablations: boolean;
  readonly matchedBudget: boolean;
}

const NAMES: readonly (readonly [keyof PaperTables, string, string])[] = [
  ['compression', 'Compression systems', 'no system is given its documents'],
  ['endToEnd', 'End-to-end question answering', 'no system chooses its documents and answers'],
  ['reranking', 'Reranking', 'no system ranks the candidates of a benchmark that names its gold passages'],
  ['ablations', 'Ablations', 'no two rows of a system with the same ratio and documents differ in exactly one setting'],
  ['matchedBudget', 'Matched budget', 'no two systems with the same documents spend about as many vectors on each'],
];

/** The paper's tables that stand nowhere in this report, and why. */
export function withoutRunSection(has: PaperTables): Section {
  const missing = NAMES.filter(([table]) => !has[table]);
  return {
    heading: 'Tables without a run',
    folded: true,
    blocks: [
      {
        kind: 'list',
        items: [
          ...missing.map(([, term, why]) => ({ term, text: `no run: ${why}.` })),
          {
            term: 'Fidelity',
            text: 'no run: ROUGE-L, token overlap, kept entities and BERTScore are of reconstructed passages, which a run of questions does not store; clara-bench reconstruct shows single ones. What a passage’s memory still answers is told where all of its facts are asked (atlas).',
          },
        ],
      },
    ],
  };
}
