// A process that fills a vector store (folder, name of the process, documents, milliseconds a document): the shared documents, then its own. Prints a line a document.
import { setTimeout as sleep } from 'node:timers/promises';
import { VectorStore } from '../../../harness/clara/vector-store.ts';
import { COMPRESSOR, madeVectors, WIDTH } from './make-vectors.ts';

const [folder, name, documents, ms] = process.argv.slice(2) as [string, string, string, string];
const store = await VectorStore.open(folder, { compressor: COMPRESSOR, width: WIDTH });
const texts = ['shared', name].flatMap((of) => Array.from({ length: Number(documents) }, (_, n) => `${of} ${n}`));
// In two calls, so that a kill in the second finds the first on the disk.
for (const half of [texts.slice(0, texts.length / 2), texts.slice(texts.length / 2)]) {
  await store.ensure(half.map(madeVectors), async function* (missing) {
    for (const made of missing) {
      await sleep(Number(ms));
      yield made;
      process.stdout.write(`${made.hash}\n`);
    }
  });
}
