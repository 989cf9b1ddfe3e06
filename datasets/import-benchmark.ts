import { createHash } from 'node:crypto';
import { readFile, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../harness/errors.ts';
import { sha256File } from '../harness/files/sha256.ts';
import { writeAtomically } from '../harness/files/write-atomically.ts';
import { packageRoot } from '../harness/home.ts';
import type { Example } from './example.ts';
import { finishDraft } from './finish-draft.ts';
import type { Format, Reading, ReadOptions } from './format.ts';
import { detectFormat, formats } from './formats.ts';
import { IdSet } from './id-set.ts';
import { jsonLayout, readJsonRecords } from './json-records.ts';
import { publisherLicence } from './licences.ts';
import { manifestPath, type Manifest } from './manifest.ts';
import { nativeLine } from './native.ts';
import { isTable, readTable } from './table.ts';
import { answerIds, readAliases } from './two-wiki-multihopqa.ts';

/** What to import and how. */
export interface ImportRequest {
  readonly benchmark: string;
  readonly split: string;
  /** One benchmark split in one file or several (shards), read in this order. */
  readonly files: readonly string[];
  /** Path of the native file to write; the manifest goes beside it. */
  readonly output: string;
  /** A format's id; told from the content where absent. */
  readonly format?: string;
  readonly licence?: string;
  /** Leave bad rows out and list them in the manifest, instead of stopping. */
  readonly skipBad: boolean;
  /** 2WikiMultihopQA's file of aliases. */
  readonly aliasFile?: string;
  readonly options: ReadOptions;
  /** Called after each question that is written, with their number so far. */
  readonly onQuestion?: (written: number) => void;
}

/** So many bad rows are shown before an import stops; more would scroll the first ones away. */
const MAX_BAD_SHOWN = 20;
const MAX_LISTED = 10_000;
const BLOCK_CHARACTERS = 256 * 1024;

/**
 * Imports a benchmark's split: reads the publisher's files, writes the native format and its manifest. Nothing is skipped silently and, on bad input,
 * nothing is written.
 *
 * @throws InputError with the problems of the bad rows (at most 20 rows), unless `skipBad`; where no question is left; where an id occurs twice.
 */
export async function importBenchmark(request: ImportRequest): Promise<Manifest> {
  const { benchmark, split, files, output, skipBad } = request;
  await checkFiles(files);
  const format = await formatOf(files, request.format);
  const formatId = format === 'table' ? format : format.id;
  checkApplies(request, formatId);
  const aliases = request.aliasFile ? await readAliases(request.aliasFile, await answerIds(files)) : undefined;
  const options = { ...request.options, aliases };

  const hash = createHash('sha256');
  const ids = new IdSet();
  const bad = new Listed(files);
  const warnings = new Listed(files);
  const counts = { rows: 0, docs: 0, gold: 0, missingGold: 0, withoutGold: 0, kept: 0, leftOut: 0 };
  let shown = 0;
  const problems: string[] = [];
  const fault = (found: readonly string[]): void => {
    bad.add(found);
    if (!skipBad) problems.push(...found);
    if (!skipBad && ++shown === MAX_BAD_SHOWN) {
      throw new InputError([...problems, `stopped after ${MAX_BAD_SHOWN} bad rows; nothing was written`]);
    }
  };

  async function* lines(): AsyncGenerator<string> {
    let block = '';
    for (const file of files) {
      for await (const reading of readings(file, format, options)) {
        const { where } = reading;
        if ('problems' in reading) {
          fault(reading.problems);
          continue;
        }
        const { draft } = reading;
        if (draft.unanswerable && options.unanswerable === 'leave-out') {
          counts.leftOut++;
          continue;
        }
        const finished = finishDraft(draft, where, options.passages);
        if ('problems' in finished) {
          fault(finished.problems);
          continue;
        }
        const { example } = finished;
        const before = ids.add(example.id);
        if (before !== undefined) {
          fault([
            `${where}: id: expected an id of its own, got ${JSON.stringify(example.id)}, that of question ${before}`,
          ]);
          continue;
        }
        if (problems.length > 0) continue;
        warnings.add(emptyAnswers(example, where));
        counts.rows++;
        counts.docs += example.docs.length;
        counts.gold += example.pos_index.length;
        if (draft.missingGold) counts.missingGold++;
        if (example.pos_index.length === 0) counts.withoutGold++;
        if (draft.unanswerable) counts.kept++;
        block += `${nativeLine(example)}\n`;
        request.onQuestion?.(counts.rows);
        if (block.length < BLOCK_CHARACTERS) continue;
        hash.update(block);
        yield block;
        block = '';
      }
    }
    if (problems.length > 0) throw new InputError([...problems, 'nothing was written']);
    if (counts.rows === 0) throw new InputError(nothingLeft(files, counts.leftOut, bad));
    hash.update(block);
    yield block;
  }

  const sources = await Promise.all([...files, ...(request.aliasFile ? [request.aliasFile] : [])].map(describeFile));
  try {
    await writeAtomically(output, lines());
  } catch (error) {
    await rmdir(path.dirname(output)).catch(() => undefined); // the folder made for it, if nothing else is in it
    throw error;
  }
  const manifest: Manifest = {
    benchmark,
    split,
    format: formatId,
    licence: request.licence ?? publisherLicence(formatId, benchmark),
    tool: await toolVersion(),
    options: {
      unanswerable: options.unanswerable,
      candidates: options.candidates,
      passages: options.passages ?? null,
      columns: options.columns,
      skip_bad: skipBad,
    },
    sources,
    output: { ...(await describeFile(output)), content_sha256: hash.digest('hex') },
    rows: counts.rows,
    mean_docs: round(counts.docs / counts.rows),
    mean_gold: round(counts.gold / counts.rows),
    rows_missing_gold: counts.missingGold,
    rows_without_gold: counts.withoutGold,
    unanswerable: { kept: counts.kept, left_out: counts.leftOut },
    bad_rows: bad.toJSON(),
    warnings: warnings.toJSON(),
  };
  await writeAtomically(manifestPath(output), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** An option that the format has no use for is a mistake, not something to pass over. */
function checkApplies({ format, aliasFile, options }: ImportRequest, found: string): void {
  const problems: string[] = [];
  const only = (isGiven: boolean, option: string, formatId: string): void => {
    if (isGiven && found !== formatId)
      problems.push(`${option}: expected files of the format ${formatId}, got ${found}`);
  };
  only(aliasFile !== undefined, '--aliases', '2wikimultihopqa');
  only(options.candidates === 'article', '--candidates article', 'squad');
  only(Object.keys(options.columns).length > 0, '--column', 'table');
  only(format !== undefined, '--format', format ?? '');
  if (problems.length > 0) throw new InputError(problems);
}

async function checkFiles(files: readonly string[]): Promise<void> {
  const problems: string[] = [];
  for (const file of files) {
    const found = await stat(file).catch(() => undefined);
    if (!found) problems.push(`${file}: no such file`);
    else if (!found.isFile()) problems.push(`${file}: expected a file, got a folder`);
  }
  if (new Set(files).size < files.length) problems.push('expected each file once, got one of them several times');
  if (problems.length > 0) throw new InputError(problems);
}

/** The one format of all files: the forced one, that of tables, or the one that the content tells. */
async function formatOf(files: readonly string[], forced: string | undefined): Promise<Format | 'table'> {
  const found = new Map<string, Format | 'table'>();
  for (const file of files) {
    const format = isTable(file)
      ? 'table'
      : forced
        ? formats.find(({ id }) => id === forced)
        : await detectFormat(file);
    if (!format) {
      throw new InputError(
        `--format: expected one of ${formats.map(({ id }) => id).join(', ')}, got ${JSON.stringify(forced)}`,
      );
    }
    found.set(format === 'table' ? format : format.id, format);
  }
  const [format, other] = [...found.values()];
  if (!format || other) {
    throw new InputError(`expected files of one format, got ${[...found.keys()].join(' and ') || 'no file'}`);
  }
  return format;
}

async function* readings(file: string, format: Format | 'table', options: ReadOptions): AsyncGenerator<Reading> {
  if (format === 'table') {
    yield* readTable(file, options.columns);
    return;
  }
  for await (const record of readJsonRecords(file, await jsonLayout(file))) {
    if ('problems' in record) yield record;
    else yield* format.read(record.value, record.where, options);
  }
}

/**
 * Gold answers of which nothing is left once case, punctuation and articles are dropped ("The", "A", "?"). The reference's scorer counts any
 * prediction as right for them in its cover exact match, and none in F1.
 */
function emptyAnswers({ id, answers }: Example, where: string): string[] {
  return answers
    .filter((answer) => {
      const words = answer.toLowerCase().replace(/[!-/:-@[-`{-~]/g, '');
      return words.split(/\s+/).every((word) => ['', 'a', 'an', 'the'].includes(word));
    })
    .map((answer) => `${where}: ${id}: the gold answer ${JSON.stringify(answer)} normalises to nothing`);
}

/** Problems, counted by row; the first ones are listed. */
class Listed {
  readonly #files: readonly string[];
  #count = 0;
  readonly #listed: string[] = [];

  constructor(files: readonly string[]) {
    this.#files = files;
  }

  add(problems: readonly string[]): void {
    if (problems.length > 0 && this.#count++ < MAX_LISTED)
      this.#listed.push(...problems.map((problem) => this.#withoutFolder(problem)));
  }

  toJSON(): { count: number; listed: string[] } {
    return { count: this.#count, listed: this.#listed };
  }

  /** A manifest holds no path of the machine that it was made on. */
  #withoutFolder(problem: string): string {
    const file = this.#files.find((name) => problem.startsWith(name));
    return file === undefined ? problem : path.basename(file) + problem.slice(file.length);
  }
}

function nothingLeft(files: readonly string[], unanswerable: number, bad: Listed): string[] {
  const { count, listed } = bad.toJSON();
  return [
    `${files.join(', ')}: expected at least one question to write, got none (${unanswerable} unanswerable and ${count} bad ones left out)`,
    ...listed.slice(0, MAX_BAD_SHOWN),
  ];
}

async function describeFile(file: string): Promise<{ name: string; bytes: number; sha256: string }> {
  const sha256 = await sha256File(file);
  return { name: path.basename(file), bytes: (await stat(file)).size, sha256 };
}

async function toolVersion(): Promise<string> {
  const { name, version } = JSON.parse(await readFile(path.join(packageRoot, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  return `${name} ${version}`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
