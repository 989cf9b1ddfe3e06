import path from 'node:path';
import type { z } from 'zod';
import { readYaml } from '../files/read-yaml.ts';
import { suiteSchema } from './suite-schema.ts';

/** A checked suite, with the paths in it made absolute. */
export type Suite = Omit<z.output<typeof suiteSchema>, 'name'> & { readonly name: string; readonly file: string };

/**
 * Reads a suite file (YAML).
 *
 * @throws InputError with all problems at once, each with line and column.
 */
export async function loadSuite(file: string): Promise<Suite> {
  const suite = await readYaml(file, suiteSchema, 'suite');
  const folder = path.dirname(path.resolve(file));
  const absolute = (given: string): string => path.resolve(folder, given);
  const model = (given: string): string => (/^[./]/.test(given) ? absolute(given) : given);
  // An id has no slash.
  const checkpoint = (given: string): string => (/[./]/.test(given) ? absolute(given) : given);
  const questions = <Entry extends { readonly file?: string; readonly module?: string }>(entry: Entry): Entry => ({
    ...entry,
    file: entry.file && absolute(entry.file),
    module: entry.module && absolute(entry.module),
  });
  return {
    ...suite,
    name: suite.name ?? path.basename(file).replace(/\.ya?ml$/, ''),
    file: path.resolve(file),
    data: suite.data && absolute(suite.data),
    models: suite.models.map(model),
    benchmarks: suite.benchmarks.map(questions),
    training: suite.training && questions(suite.training),
    systems: suite.systems.map((entry) => ({
      ...entry,
      module: entry.module && absolute(entry.module),
      models: entry.models?.map(model),
      settings: withAbsolute(entry.settings, checkpoint),
    })),
    defaults: withAbsolute(suite.defaults, checkpoint),
    metrics: suite.metrics.map(absolute),
  };
}

/** Settings in which the folders of finished checkpoints (`checkpoint`, at any depth) are absolute. */
function withAbsolute<Settings>(settings: Settings, absolute: (given: string) => string): Settings {
  if (Array.isArray(settings)) return settings.map((one: unknown) => withAbsolute(one, absolute)) as Settings;
  if (typeof settings !== 'object' || settings === null) return settings;
  const entries = Object.entries(settings).map(([key, value]: [string, unknown]) =>
    key === 'checkpoint' && typeof value === 'string' ? [key, absolute(value)] : [key, withAbsolute(value, absolute)],
  );
  return Object.fromEntries(entries) as Settings;
}
