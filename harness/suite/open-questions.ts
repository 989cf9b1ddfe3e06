import { z } from 'zod';
import { atlasDials, type AtlasDials } from '../../datasets/atlas/dials.ts';
import type { Benchmark } from '../../datasets/benchmark.ts';
import type { Example } from '../../datasets/example.ts';
import { GENERATED, openBenchmark } from '../../datasets/open-benchmark.ts';
import { functionMember, importDefault } from '../import-default.ts';
import type { RunManifest } from '../store/run-manifest.ts';

/** A benchmark of a suite or a job: which one, and its examples. */
export interface OpenQuestions {
  readonly benchmark: RunManifest['benchmark'];
  load(): AsyncIterable<Example>;
}

/** Where a benchmark comes from: exactly one of the first three. */
export interface QuestionsSource {
  readonly id?: string;
  readonly file?: string;
  readonly module?: string;
  readonly split?: string;
  /** The folder of benchmarks that are named by id. */
  readonly root?: string;
  /** Of the generated benchmark, so many questions are made. */
  readonly limit?: number;
  readonly dials?: AtlasDials;
}

/**
 * Opens a benchmark: an id, a file in the native format, or a user's module.
 *
 * @throws InputError where it is not to be had.
 */
export async function openQuestions({
  id,
  file,
  module,
  split,
  root,
  limit,
  dials,
}: QuestionsSource): Promise<OpenQuestions> {
  if (module !== undefined) {
    const { value, ...own } = await importDefault<Benchmark>('Benchmark', module, {
      id: z.string().min(1),
      load: functionMember,
    });
    const benchmark = { id: value.id, split: split ?? 'dev', file: null, sha256: own.sha256, module: own };
    return { benchmark, load: () => value.load(benchmark.split) };
  }
  const found = await openBenchmark((id ?? file)!, { split, root, questions: limit, dials });
  const benchmark = {
    id: found.id,
    split: found.split,
    file: found.file,
    sha256: found.sha256,
    module: null,
    ...(id === GENERATED && { dials: dials ?? atlasDials.parse({}) }),
  };
  return { benchmark, load: () => found.load() };
}
