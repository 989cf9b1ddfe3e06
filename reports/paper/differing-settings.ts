import { z } from 'zod';
import type { RunManifest } from '../../harness/store/run-manifest.ts';
import { methodOptions } from '../method-options.ts';
import type { Training } from '../training/find-trainings.ts';
import type { DocumentsOf } from './documents-of.ts';
import type { PublishedValue } from './load-published.ts';
import { type PaperBenchmark, paperSetup } from './paper-setup.ts';
import type { PoolFacts } from './pool-facts.ts';

/** A setting in which a report's figure and the published one differ. */
export interface DifferingSetting {
  readonly what: string;
  readonly here: string;
  readonly there: string;
}

/** What is compared. */
export interface ComparedFigures {
  readonly manifest: RunManifest;
  readonly preset: string;
  /** The metric of the report that stands for the published one. */
  readonly metric: string;
  readonly published: PublishedValue;
  readonly benchmark: PaperBenchmark;
  readonly documents: DocumentsOf;
  readonly facts: PoolFacts;
  /** Stages that the answers come from, the first one first. */
  readonly stages: readonly Pick<Training, 'manifest'>[];
}

/** All settings that differ, or of which the paper's is not known. */
export function differingSettings(compared: ComparedFigures): DifferingSetting[] {
  return [backbone, ratio, method, metric, evaluation, documents, given, training].flatMap((rule) => rule(compared));
}

type Rule = (compared: ComparedFigures) => DifferingSetting[];

const backbone: Rule = ({ manifest: { model }, published }) => {
  if (!model || backboneOf(model.id) === published.backbone) return [];
  return [{ what: 'backbone', here: model.id, there: published.backbone ?? 'not noted' }];
};

/** A model's name in the paper's figures: `mistralai/Mistral-7B-Instruct-v0.2` is `mistral-7b-instruct-v0.2`. */
export function backboneOf(model: string): string {
  return /(mistral-7b-instruct-v0\.2|phi-4-mini-instruct)/.exec(model.toLowerCase())?.[1] ?? model;
}

const ratio: Rule = ({ manifest, published }) =>
  manifest.ratio === null || published.ratio === null || manifest.ratio === published.ratio
    ? []
    : [{ what: 'nominal ratio', here: `${manifest.ratio}×`, there: `${published.ratio}×` }];

/** Options of the compressor that neither paper nor code have. */
const OPTIONS = ['memory', 'positions', 'newTokens'];

const method: Rule = ({ manifest: { settings }, published }) => {
  if (published.table.id === 'compression' && published.system !== 'SCP') return [];
  return OPTIONS.flatMap((option) => {
    const [here, { code } = {}] = [settings[option], methodOptions[option]];
    return typeof here !== 'string' || code === undefined || here === code ? [] : [{ what: option, here, there: code }];
  });
};

/** What presets differ in from the paper's own scorer, which is the preset `clara`. */
const metric: Rule = ({ preset, metric, published, facts }) => {
  if (preset === 'clara') return [];
  const what = `metric ${published.metric.name}`;
  if (metric !== published.metric.id)
    return [{ what, here: `${metric} (preset ${preset})`, there: published.metric.id }];
  if (metric.startsWith('recall@')) {
    return facts.withGold === facts.questions
      ? []
      : [{ what, here: 'questions without gold passages left out', there: 'they count as 0' }];
  }
  const aliases = facts.withAliases > 0;
  if (preset === 'clara-bench' && !aliases) return [];
  return [
    {
      what,
      here: `preset ${preset}${aliases ? `, the best over gold answer and aliases (${facts.withAliases.toLocaleString('en-US')} of ${facts.questions.toLocaleString('en-US')} questions have some)` : ''}`,
      there: 'preset clara, the first gold answer',
    },
  ];
};

const evaluation: Rule = ({ manifest: { benchmark: given, examples }, benchmark }) => {
  const { test } = paperSetup.questions[benchmark];
  return examples.count === test
    ? []
    : [
        {
          what: `test questions, ${benchmark}`,
          here: `${examples.count.toLocaleString('en-US')} of ${given.id} (${given.split})`,
          there: test.toLocaleString('en-US'),
        },
      ];
};

const documents: Rule = ({ documents: { pool }, published }) => {
  if (published.system === 'no documents') return [];
  const before = published.table.id === 'compression';
  const there = String(before ? paperSetup.documents : paperSetup.candidates);
  return pool === there ? [] : [{ what: before ? 'documents read' : 'candidates', here: pool, there }];
};

const given: Rule = ({ manifest: { settings }, published }) => {
  const { k } = settings;
  const ranksOnly = published.table.id === 'reranking' || published.table.id === 'compression';
  if (ranksOnly || typeof k !== 'number' || k === paperSetup.k) return [];
  return [{ what: 'documents that the generator is given (k)', here: String(k), there: String(paperSetup.k) }];
};

const stepsSchema = z.looseObject({ steps: z.number(), batch: z.number() });

/** Each stage of the paper's chain, and what was done of it here. */
const training: Rule = ({ manifest, published, benchmark, stages }) => {
  const told = stages.map(({ manifest: { trainer, settings, examples } }) => {
    const { steps, batch } = stepsSchema.safeParse(settings).data ?? {};
    const amount = steps === undefined ? 'a finished checkpoint' : `${count(steps)} steps of ${batch}`;
    return { stage: trainer.id.replace(/^clara\//, ''), amount: `${amount}, ${count(examples.count)} items of data` };
  });
  const shown = told.map(({ stage, amount }) => `${stage}: ${amount}`).join('; ');
  if (['no documents', 'text', 'BM25'].includes(published.system)) return [];
  const here = shown || (manifest.trained === null ? 'none' : 'not beside the runs');
  const stagesThere = {
    pretraining: `pretraining: one epoch of ${count(paperSetup.pretraining)} passages`,
    instruction: `instruction: one epoch of ${count(paperSetup.instruction)} questions`,
    end: `end-to-end: one epoch of ${count(paperSetup.questions[benchmark].training)} questions`,
  };
  const isOwn = ['SCP', 'CLaRa', 'supervised ranker'].includes(published.system);
  const there = [
    ...(published.variant === 'no pretraining' ? [] : [stagesThere.pretraining]),
    ...(published.system === 'SCP' || published.start === 'instruction' ? [stagesThere.instruction] : []),
    ...(published.system === 'SCP' ? [] : [stagesThere.end]),
  ];
  return [{ what: 'training', here, there: isOwn ? there.join('; ') : 'as its authors released it, or not noted' }];
};

function count(value: number): string {
  return value.toLocaleString('en-US');
}
