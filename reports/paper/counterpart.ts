import { z } from 'zod';
import type { RunManifest } from '../../harness/store/run-manifest.ts';
import type { PublishedValue } from './load-published.ts';

/** What a system with its settings is in the paper. */
export interface Counterpart extends Pick<PublishedValue, 'system' | 'start' | 'variant'> {
  /** Its ratio says how many tokens become one vector, so that other ratios are the same system. */
  readonly oneVector?: true;
}

const stage = z.looseObject({
  alignment: z.looseObject({ weight: z.number() }).optional(),
  data: z.string().optional(),
  objective: z.string().optional(),
  train: z.string().optional(),
  queryReasoner: z.string().optional(),
});
const stagesSchema = z.looseObject({
  pretraining: stage.nullish(),
  instruction: stage.nullish(),
  endToEnd: stage.nullish(),
});

type Stages = z.output<typeof stagesSchema>;

/** Systems that are one row of the paper whatever their settings. */
const SYSTEMS: Readonly<Record<string, Pick<Counterpart, 'system' | 'oneVector'>>> = {
  'no-context': { system: 'no documents' },
  text: { system: 'text' },
  'llmlingua-2': { system: 'LLMLingua-2' },
  pisco: { system: 'PISCO' },
  xrag: { system: 'xRAG', oneVector: true },
  bm25: { system: 'BM25' },
};

/** The system of the paper that a run is one of; undefined where it has none, as of fine-tuned text, or of two ablations at once. */
export function counterpartOf({ system, settings }: RunManifest): Counterpart | undefined {
  const plain = SYSTEMS[system.id];
  if (plain) return { ...plain, start: null, variant: null };
  if (system.id !== 'clara' && system.id !== 'query-reasoner') return undefined;
  const stages = stagesSchema.safeParse(settings).data;
  if (!stages) return undefined;
  return stages.endToEnd ? endToEnd(stages) : afterInstruction(stages);
}

function afterInstruction({ pretraining, instruction }: Stages): Counterpart | undefined {
  if (!instruction) return undefined;
  const ablations = [
    ...(pretraining ? [] : ['no pretraining']),
    ...(pretraining?.data === 'paraphrases' ? ['paraphrases'] : []),
    ...(pretraining?.data === 'questions' ? ['simple and complex questions'] : []),
    ...([pretraining, instruction].some((stage) => stage?.alignment?.weight === 0)
      ? ['without the alignment loss']
      : []),
  ];
  return ablations.length > 1 ? undefined : { system: 'SCP', start: null, variant: ablations[0] ?? null };
}

function endToEnd({ instruction, endToEnd }: Stages): Counterpart | undefined {
  const start = instruction ? 'instruction' : 'pretraining';
  if (endToEnd!.objective === 'gold') return { system: 'supervised ranker', start, variant: null };
  const ablations = [
    ...(endToEnd!.train === 'generator' ? ['query reasoner frozen'] : []),
    ...(endToEnd!.train === 'query-reasoner' ? ['generator frozen'] : []),
    ...(endToEnd!.queryReasoner === 'random' ? ['query reasoner from nothing'] : []),
  ];
  return ablations.length > 1 ? undefined : { system: 'CLaRa', start, variant: ablations[0] ?? null };
}
