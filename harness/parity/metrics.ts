import { z } from 'zod';
import { describeIssues } from '../describe-issues.ts';
import { InputError } from '../errors.ts';
import type { Question } from '../metrics/metric.ts';
import { normaliseAnswer } from '../metrics/normalise.ts';
import { findPreset } from '../metrics/presets.ts';
import type { Prediction } from '../prediction.ts';
import { RunningMean } from '../statistics/running-mean.ts';
import type { Deviation } from './deviation.ts';

/** The sums are made in the reference's order; a mean may differ in its last digits only. */
const TOLERANCE = 1e-12;

const scores = z.record(z.string(), z.number());
const goldenSchema = z.object({
  qa: z.array(
    z.object({
      prediction: z.string(),
      golds: z.array(z.string()),
      normalized_prediction: z.string(),
      clara: scores,
      clara_functions_max_over_golds: scores,
      squad_v1: scores,
    }),
  ),
  qa_mean: z.object({ clara: scores, squad_v1: scores }),
  retrieval: z.array(z.looseObject({ ranked: z.array(z.int()), positives: z.array(z.int()) })),
  retrieval_mean: z.object({ evaluate_py: scores, trainer: scores, trainer_valid_samples: z.int() }),
});

/** The golden file's names of our metrics. */
const ANSWER_METRICS = { em: 'exact-match', f1: 'f1', acc: 'cover-exact-match-bag', output_words: 'output-words' };
const MEAN_NAMES: Record<string, string> = { avg_output_length: 'output_words' };

/**
 * Compares the metrics with a file of the layout of the CLaRa reference's golden metrics: every answer by three definitions, every ranking, and the means of both
 * code paths of the reference (evaluate.py counts questions without gold passages as 0, the trainer leaves them out).
 *
 * @throws InputError where the content has another layout.
 */
export function metricParity(json: unknown): Deviation[] {
  const parsed = goldenSchema.safeParse(json);
  if (!parsed.success) throw new InputError(describeIssues(parsed.error, 'metrics.json'));
  const { qa, qa_mean, retrieval, retrieval_mean } = parsed.data;
  const answers = qa.map(({ prediction, golds }) => pair({ prediction }, { answers: golds }));
  const rankings = retrieval.map(({ ranked, positives }) => pair({ ranking: ranked }, { pos_index: positives }));
  const compare = new Comparison();

  qa.forEach((item, at) => {
    const mapped = { True: 'yes', False: 'no' }[item.prediction] ?? item.prediction;
    compare.add('normalized_prediction', Number(normaliseAnswer(mapped).text !== item.normalized_prediction), 0);
    const expected = {
      clara: ['clara', item.clara],
      'clara-bench': ['clara_functions_max_over_golds', item.clara_functions_max_over_golds],
      squad: ['squad_v1', item.squad_v1],
    } as const;
    for (const [preset, [name, values]] of Object.entries(expected)) {
      for (const [metric, value] of Object.entries(values)) {
        compare.add(`${name} ${metric}`, score(preset, answerMetric(metric), answers[at]!), value);
      }
    }
  });
  for (const [preset, name] of [
    ['clara', 'clara'],
    ['squad', 'squad_v1'],
  ] as const) {
    for (const [metric, value] of Object.entries(qa_mean[name])) {
      compare.add(
        `mean ${name} ${metric}`,
        mean(preset, answerMetric(MEAN_NAMES[metric] ?? metric), answers).mean,
        value,
      );
    }
  }

  retrieval.forEach((item, at) => {
    for (const [metric, value] of Object.entries(item)) {
      if (metric.includes('@')) compare.add(metric, score('clara', metric, rankings[at]!), value as number);
    }
  });
  for (const [metric, value] of Object.entries(retrieval_mean.evaluate_py)) {
    compare.add(`mean evaluate.py ${metric}`, mean('clara', metric, rankings).mean, value);
  }
  for (const [metric, value] of Object.entries(retrieval_mean.trainer)) {
    const skipping = mean('clara-bench', metric.replace('_', '@'), rankings);
    compare.add(`mean trainer ${metric}`, skipping.mean, value);
    compare.add('trainer valid samples', skipping.n, retrieval_mean.trainer_valid_samples);
  }
  return compare.deviations();
}

interface Pair {
  readonly prediction: Prediction;
  readonly question: Question;
}

function pair(prediction: Partial<Prediction>, question: Partial<Question>): Pair {
  return {
    prediction: { id: 'golden', prediction: '', ...prediction },
    question: { id: 'golden', answers: [''], pos_index: [], ...question },
  };
}

function answerMetric(name: string): string {
  return name in ANSWER_METRICS ? ANSWER_METRICS[name as keyof typeof ANSWER_METRICS] : name;
}

function score(preset: string, id: string, { prediction, question }: Pair): number | null {
  const metric = findPreset(preset).metrics.find((candidate) => candidate.id === id);
  if (!metric) throw new InputError(`metrics.json: expected metrics of preset ${preset}, got ${JSON.stringify(id)}`);
  return metric.score(prediction, question);
}

function mean(preset: string, id: string, pairs: readonly Pair[]): RunningMean {
  const running = new RunningMean();
  for (const value of pairs.map((item) => score(preset, id, item))) if (value !== null) running.add(value);
  return running;
}

class Comparison {
  readonly #worst = new Map<string, number>();

  add(name: string, ours: number | null, golden: number): void {
    const deviation = ours === null || Number.isNaN(ours) ? Infinity : Math.abs(ours - golden);
    this.#worst.set(name, Math.max(this.#worst.get(name) ?? 0, deviation));
  }

  deviations(): Deviation[] {
    return [...this.#worst].map(([name, worst]) => ({ name, worst, tolerance: TOLERANCE }));
  }
}
