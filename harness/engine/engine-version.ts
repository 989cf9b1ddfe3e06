import { tf } from './tensorflow.ts';

/** The TensorFlow that computes, and where. Importing this module loads it. */
export function engineVersion(): { tensorflow: string; device: 'cpu' | 'gpu' } {
  const backend = tf.backend() as unknown as { binding: { TF_Version: string }; isUsingGpuDevice: boolean };
  return { tensorflow: backend.binding.TF_Version, device: backend.isUsingGpuDevice ? 'gpu' : 'cpu' };
}
