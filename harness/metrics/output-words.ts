import type { Metric } from './metric.ts';
import { splitWords } from './normalise.ts';

/** Length of the answer in words parted by white space, as Python's `str.split()` counts them. Stands beside cover exact match, which long answers raise. */
export const outputWords: Metric = {
  id: 'output-words',
  description: 'length of the prediction in words parted by white space',
  unit: 'words',
  binary: false,
  ofAnswer: true,
  score: ({ prediction }) => splitWords(prediction).length,
};
