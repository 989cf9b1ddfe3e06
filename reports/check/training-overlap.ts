import { benchmarkName } from '../../datasets/benchmark-name.ts';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Example } from '../../datasets/example.ts';
import { readNative } from '../../datasets/native.ts';
import { passagePairs } from '../../datasets/passage-pairs.ts';
import { sha256 } from '../../harness/files/sha256.ts';
import { normaliseAnswer } from '../../harness/metrics/normalise.ts';
import { documentText } from '../../harness/prompt.ts';
import { readTrainManifest } from '../../harness/store/read-train-manifest.ts';
import type { TrainManifest } from '../../harness/store/train-manifest.ts';
import type { Run } from '../find-runs.ts';
import { RUN_FILES } from '../report-row.ts';
import { trainingChain } from '../training/training-chain.ts';

/** What a training and the questions that were asked after it have in common; the texts say which, one an item. */
export interface TrainingOverlap {
  /** How messages call the two. */
  readonly where: string;
  readonly trained: number;
  readonly asked: number;
  /** Passages of the questions asked, each once. */
  readonly passages: number;
  readonly sameIds: readonly string[];
  readonly sameQuestions: readonly string[];
  readonly samePassages: readonly string[];
  /** Of compression pretraining: pairs of a passage that give the answer of a question asked about it. Null for another stage. */
  readonly sameAnswers: readonly string[] | null;
}

/** All overlaps, and the trainings that could not be looked at. */
export interface FoundOverlaps {
  readonly overlaps: readonly TrainingOverlap[];
  readonly missing: readonly string[];
}

/** The questions of a test, as training data is looked up in them. */
interface Asked {
  readonly name: string;
  readonly questions: number;
  readonly ids: ReadonlySet<string>;
  readonly texts: ReadonlySet<string>;
  /** By the beginning of the passage's hash: of the questions that have it as a gold passage, ids and answers. */
  readonly passages: ReadonlyMap<string, readonly { readonly id: string; readonly answers: ReadonlySet<string> }[]>;
}

interface Trained {
  readonly folder: string;
  readonly manifest: TrainManifest;
}

const PRETRAINING = /(^|\/)pretraining$/;

/**
 * Compares the data of every training that a run's answers come from with the questions of the run. The questions asked are held in memory, each file once; the training
 * data streams past them.
 *
 * @throws InputError where a file is broken.
 */
export async function trainingOverlaps(runs: readonly Run[]): Promise<FoundOverlaps> {
  const known = new Map<string, Promise<Trained | undefined>>();
  const read = (folder: string): Promise<Trained | undefined> => {
    if (!known.has(folder)) known.set(folder, readTraining(folder));
    return known.get(folder)!;
  };
  const missing = new Set<string>();
  /** Of each file of training data its stages, and the runs whose questions it is compared with; the same data, and the same questions, once. */
  const work = new Map<string, { stages: Trained[]; tests: Map<string, Run> }>();
  for (const run of runs) {
    if (run.manifest.trained === null) continue;
    const chain = await trainingChain(run, read);
    if (chain.missing !== null)
      missing.add(`${path.basename(run.folder)}: its training ${chain.missing} is not beside it: not looked at`);
    for (const stage of chain.stages) {
      if (!existsSync(path.join(stage.folder, RUN_FILES.examples))) {
        missing.add(`${path.basename(stage.folder)}: its ${RUN_FILES.examples} is not there: not looked at`);
        continue;
      }
      const { sha256: data } = stage.manifest.examples;
      const entry = work.get(data) ?? { stages: [], tests: new Map<string, Run>() };
      if (!entry.stages.includes(stage)) entry.stages.push(stage);
      entry.tests.set(run.manifest.examples.sha256, run);
      work.set(data, entry);
    }
  }
  const asked = new Map<string, Asked>();
  const overlaps: TrainingOverlap[] = [];
  for (const { stages, tests } of work.values()) {
    for (const [hash, run] of tests) if (!asked.has(hash)) asked.set(hash, await readAsked(run));
    overlaps.push(
      ...(await compare(
        stages,
        [...tests.keys()].map((hash) => asked.get(hash)!),
      )),
    );
  }
  return { overlaps, missing: [...missing].sort() };
}

async function readTraining(folder: string): Promise<Trained | undefined> {
  const manifest = await readTrainManifest(folder);
  return manifest && { folder, manifest };
}

async function readAsked({ folder, manifest: { benchmark } }: Run): Promise<Asked> {
  const [ids, texts] = [new Set<string>(), new Set<string>()];
  const passages = new Map<string, { id: string; answers: ReadonlySet<string> }[]>();
  for await (const { id, question, answers, docs, pos_index } of readNative(path.join(folder, RUN_FILES.examples))) {
    ids.add(id);
    texts.add(plain(question));
    const golds = new Set(answers.map(plain).filter(Boolean));
    docs.forEach((document, at) => {
      const key = keyOf(document);
      const known = passages.get(key) ?? [];
      passages.set(key, known);
      if (pos_index.includes(at)) known.push({ id, answers: golds });
    });
  }
  return { name: `${benchmarkName(benchmark)}/${benchmark.split}`, questions: ids.size, ids, texts, passages };
}

async function compare(stages: readonly Trained[], tests: readonly Asked[]): Promise<TrainingOverlap[]> {
  const pretraining = stages.some(({ manifest }) => PRETRAINING.test(manifest.trainer.id));
  const found = tests.map((test) => ({
    test,
    ids: new Set<string>(),
    questions: new Set<string>(),
    passages: new Map<string, string>(),
    answers: new Set<string>(),
  }));
  let trained = 0;
  for await (const example of readNative(path.join(stages[0]!.folder, RUN_FILES.examples))) {
    trained++;
    const text = plain(example.question);
    const keys = example.docs.map(keyOf);
    const pairs = pretraining ? passagePairs(example) : [];
    for (const { test, ids, questions, passages, answers } of found) {
      if (test.ids.has(example.id)) ids.add(JSON.stringify(example.id));
      if (test.texts.has(text)) questions.add(`${JSON.stringify(example.id)} (${JSON.stringify(example.question)})`);
      keys.forEach((key, at) => {
        if (test.passages.has(key)) passages.set(key, JSON.stringify(example.docs[at]!.title));
      });
      for (const { document, pairs: known } of pairs) {
        for (const { id, answers: golds } of test.passages.get(keyOf(document)) ?? []) {
          const seen = known.find(({ answer }) => golds.has(plain(answer)));
          if (seen)
            answers.add(
              `question ${JSON.stringify(id)}: its answer ${JSON.stringify(seen.answer)} is a pair's of the passage ${JSON.stringify(document.title)}`,
            );
        }
      }
    }
  }
  const { benchmark } = stages[0]!.manifest;
  const names = [...new Set(stages.map(({ manifest }) => manifest.trainer.id))].sort().join(', ');
  return found.map(({ test, ids, questions, passages, answers }) => ({
    where: `${benchmarkName(benchmark)}/${benchmark.split} (${names}) and ${test.name}`,
    trained,
    asked: test.questions,
    passages: test.passages.size,
    sameIds: [...ids],
    sameQuestions: [...questions],
    samePassages: [...passages.values()],
    sameAnswers: pretraining ? [...answers] : null,
  }));
}

/** Case, punctuation, articles and white space aside. */
function plain(text: string): string {
  return normaliseAnswer(text).text;
}

function keyOf(document: Example['docs'][number]): string {
  return sha256(documentText(document)).slice(0, 16);
}
