import path from 'node:path';
import papaparse from 'papaparse';
import { csvOptions } from './csv-options.ts';
import type { Training } from './training/find-trainings.ts';

const COLUMNS = ['run', 'stage', 'systems', 'ratio', 'seed', 'step', 'kind', 'term', 'value'] as const;

/**
 * Every step and validation of every training as CSV, one line a value, in full precision: the loss's terms by their names, and of each step `learning-rate`,
 * `gradient-norm`, `tokens` and `ms`.
 */
export function curvesCsv(trainings: readonly Training[]): string {
  const lines = trainings.flatMap((training) => {
    const { folder, manifest, systems, curve } = training;
    const run = [path.basename(folder), manifest.trainer.id, systems.join('; '), training.ratio, manifest.seed];
    return [
      ...curve.steps.flatMap(({ step, terms, learningRate, gradientNorm, tokens, ms }) => [
        ...Object.entries(terms).map(([term, value]) => [...run, step, 'training', term, value]),
        ...Object.entries({ 'learning-rate': learningRate, 'gradient-norm': gradientNorm, tokens, ms }).map(
          ([name, value]) => [...run, step, 'step', name, value],
        ),
      ]),
      ...curve.validations.flatMap(({ step, validation }) =>
        Object.entries(validation).map(([term, value]) => [...run, step, 'validation', term, value]),
      ),
    ];
  });
  return `${papaparse.unparse({ fields: [...COLUMNS], data: lines }, csvOptions)}\n`;
}
