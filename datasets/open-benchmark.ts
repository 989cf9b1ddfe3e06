import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../harness/errors.ts';
import { cacheHome, packageRoot } from '../harness/home.ts';
import { atlasFile } from './atlas/atlas-file.ts';
import type { AtlasDials } from './atlas/dials.ts';
import { ATLAS_SPLITS } from './atlas/entity-name.ts';
import type { Benchmark } from './benchmark.ts';
import { digest } from './digest.ts';
import type { Example } from './example.ts';
import { readManifest } from './manifest.ts';
import { readNative } from './native.ts';

/** A benchmark of which one split is found: its file, what the file holds, and its content hash for the keys of jobs. */
export interface OpenBenchmark extends Benchmark {
  readonly split: string;
  /** Path of the file in the native format. */
  readonly file: string;
  /** SHA-256 of the uncompressed bytes: the same for the same questions, however they were gzipped. */
  readonly sha256: string;
  /** Questions in it. */
  readonly rows: number;
  /** The examples of the opened split, or of another one. */
  load(split?: string): AsyncIterable<Example>;
}

/** Where a benchmark is looked for. */
export interface OpenOptions {
  /** `dev` unless said otherwise; a file that is named by its path has the split that its name gives. */
  readonly split?: string;
  /** A folder with files `BENCHMARK.SPLIT.jsonl[.gz]` or `BENCHMARK/SPLIT.jsonl[.gz]`; by default that of `data import`. */
  readonly root?: string;
  /** Of the generated benchmark, how many questions: 1,000 unless said otherwise. */
  readonly questions?: number;
  /** Of the generated benchmark. */
  readonly dials?: AtlasDials;
}

/** The id of the generated benchmark: its questions are made when they are asked for, and kept in the cache folder. */
export const GENERATED = 'atlas';

/** The folder that `data import` writes to by default. */
export function dataRoot(): string {
  return path.join(cacheHome(), 'data');
}

/** One split of a benchmark, found by its place. */
export interface FoundBenchmark {
  readonly id: string;
  readonly split: string;
  readonly file: string;
}

/** Both splits of the benchmark that ships with the program. */
export const shippedBenchmarks: readonly FoundBenchmark[] = [
  { id: 'sample', split: 'dev', file: path.join(packageRoot, 'datasets', 'sample', 'sample.jsonl') },
  { id: 'sample', split: 'train', file: path.join(packageRoot, 'datasets', 'sample', 'train.jsonl') },
];

const NATIVE_ENDING = /\.jsonl(\.gz)?$/;

/**
 * Opens a benchmark: the path of a file in the native format (`.jsonl`, `.jsonl.gz`), the id of an imported one or of one in the folder `root`, the generated `atlas`, or the shipped `sample`.
 *
 * @throws InputError saying where it was looked for and what is there.
 */
export async function openBenchmark(idOrFile: string, options: OpenOptions = {}): Promise<OpenBenchmark> {
  const file = await findBenchmark(idOrFile, options);
  const name = path.basename(file).replace(NATIVE_ENDING, '');
  const named = NATIVE_ENDING.test(idOrFile);
  const split = options.split ?? (named && name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : 'dev');
  const { sha256, rows } = await digest(file);
  await checkManifest(file, sha256);
  return {
    id: named ? name.replace(/\.[^.]+$/, '') : idOrFile,
    split,
    file,
    sha256,
    rows,
    load: (other = split) => (other === split ? readNative(file) : loadOther(idOrFile, { ...options, split: other })),
  };
}

async function* loadOther(id: string, options: OpenOptions): AsyncGenerator<Example> {
  if (NATIVE_ENDING.test(id))
    throw new InputError(`${id}: a single file has no split ${JSON.stringify(options.split)}`);
  yield* readNative(await findBenchmark(id, options));
}

/** The path of a benchmark's file in the native format; finds as `openBenchmark` does. @throws InputError likewise. */
export async function findBenchmark(
  idOrFile: string,
  { split = 'dev', root, questions, dials }: OpenOptions,
): Promise<string> {
  if (NATIVE_ENDING.test(idOrFile)) {
    if (await isFile(idOrFile)) return idOrFile;
    throw new InputError(`${idOrFile}: no such file`);
  }
  if (!BENCHMARK_NAME.test(idOrFile) || !BENCHMARK_NAME.test(split)) {
    throw new InputError(
      `expected a benchmark's id (letters, digits, - and _) or a file ending in .jsonl or .jsonl.gz, got ${JSON.stringify(idOrFile)}, split ${JSON.stringify(split)}`,
    );
  }
  if (idOrFile === GENERATED) return atlasFile(split, questions, dials);
  await checkRoot(root);
  const folder = root ?? dataRoot();
  for (const name of [path.join(idOrFile, split), `${idOrFile}.${split}`]) {
    for (const ending of ['.jsonl.gz', '.jsonl']) {
      const file = path.join(folder, name + ending);
      if (await isFile(file)) return file;
    }
  }
  const shipped = shippedBenchmarks.filter(({ id }) => id === idOrFile);
  const found = shipped.find((one) => one.split === split);
  if (found) return found.file;
  if (shipped.length > 0) {
    const splits = shipped.map((one) => one.split).join(' and ');
    throw new InputError(`benchmark "${idOrFile}" has the splits ${splits}, got ${JSON.stringify(split)}`);
  }
  const there = [
    ...(await listBenchmarks(folder)).map(({ id, split }) => `${id} ${split}`),
    ...shippedBenchmarks.map(({ id, split }) => `${id} ${split} (shipped)`),
    ...ATLAS_SPLITS.map((split) => `${GENERATED} ${split} (generated)`),
  ];
  throw new InputError(
    `no benchmark ${JSON.stringify(idOrFile)} with a split ${JSON.stringify(split)} in ${folder}; ` +
      `there: ${there.join(', ')}. ` +
      `\`clara-bench data import ${idOrFile} FILE --split ${split}\` brings one in`,
  );
}

/** The default folder may be absent, as nothing was imported yet; one that the user names must be there. @throws InputError where it is not. */
export async function checkRoot(root: string | undefined): Promise<void> {
  if (root !== undefined && !(await stat(root).catch(() => undefined))?.isDirectory()) {
    throw new InputError(
      `${root}: expected a folder of benchmarks, got ${(await isFile(root)) ? 'a file' : 'nothing there'}`,
    );
  }
}

/** What the names of benchmarks and splits may look like: they become names of folders and files. */
export const BENCHMARK_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** The benchmarks in a folder, in the two layouts that `openBenchmark` knows, sorted by id and split. An absent folder holds none. */
export async function listBenchmarks(folder: string): Promise<FoundBenchmark[]> {
  const found: FoundBenchmark[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory() && BENCHMARK_NAME.test(entry.name)) {
      for (const name of await readdir(path.join(folder, entry.name))) {
        const split = name.replace(NATIVE_ENDING, '');
        if (split === name || !BENCHMARK_NAME.test(split)) continue;
        found.push({ id: entry.name, split, file: path.join(folder, entry.name, name) });
      }
    } else {
      const [, id, split] = /^([^.]+)\.([^.]+)\.jsonl(?:\.gz)?$/.exec(entry.name) ?? [];
      if (id && split && split !== 'corpus') found.push({ id, split, file: path.join(folder, entry.name) });
    }
  }
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** A file that was changed after its import is not what its manifest says of its source. */
async function checkManifest(file: string, sha256: string): Promise<void> {
  const manifest = await readManifest(file);
  if (!manifest || manifest.output.content_sha256 === sha256) return;
  throw new InputError(`${file}: not what was imported (its content differs from its manifest's); import it again`);
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}
