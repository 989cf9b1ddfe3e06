import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from '../../../harness/system.ts';

/** A user's own system: answers with the question backwards, some milliseconds a question; fails where the setting `fail` says so. */
const slowReverse: System = {
  id: 'slow-reverse',
  description: 'the question backwards',
  settings: (given) => ({ ms: 5, fail: '', whole: false, ...given }),
  async *predict(examples, { settings }) {
    if (settings.whole && examples.length > 2) throw new Error('OOM when allocating tensor');
    for (const { id, question } of examples) {
      await sleep(Number(settings.ms));
      if (id === settings.fail) throw new Error(`cannot answer ${id}`);
      yield { id, prediction: [...question].reverse().join(''), ms: { decode: performance.now() } };
    }
  },
};

export default slowReverse;
