import path from 'node:path';
import { cacheHome } from '../../home.ts';

/** What the native TensorFlow computes on. */
export type Device = 'cpu' | 'gpu';

/** The TensorFlow that the engine is built over; the same release for every device. */
export const TENSORFLOW_VERSION = '2.21.0';

/** N-API version of the add-on: one binary runs on Node 20, 22 and 24. */
export const NAPI_VERSION = 8;

/** The add-on's name, in the cache and in the tfjs package. */
export const ADDON = 'tfjs_binding.node';

/** Counts the changes of what is built here, so that an engine that an older version of this program built is not taken for one of this. */
const BUILD = 2;

/** The cached engine's folder: named by all that it depends on, so that another version, device or machine sharing the cache gets its own. */
export function engineFolder(device: Device, home: string = cacheHome()): string {
  const name = `tensorflow-${TENSORFLOW_VERSION}-${device}-${process.platform}-${process.arch}-napi${NAPI_VERSION}-build${BUILD}`;
  return path.join(home, 'engine', name);
}
