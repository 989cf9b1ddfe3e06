import { createRequire } from 'node:module';
import type * as Tfjs from '@tensorflow/tfjs';
import { ensureNative } from './native.ts';

ensureNative();

/** tfjs on the native TensorFlow. Importing this module loads it (about a second), so commands that compute nothing must not import it. */
export const tf = createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu') as typeof Tfjs;

export type { Tensor, Variable } from '@tensorflow/tfjs';
