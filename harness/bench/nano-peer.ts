import path from 'node:path';
import { InputError } from '../errors.ts';
import { pullModel } from '../language-model/models/pull-model.ts';
import { findModel } from '../language-model/registry.ts';
import { measurementSchema, type Measurement } from './measurement.ts';
import { output } from './output.ts';

const SCRIPT = path.join(import.meta.dirname, 'peers', 'nano.py');

/** The work that a nano row has left in a folder, done by PyTorch with the same weights. @throws InputError where the script fails or prints something else */
export async function measureNanoPeer(python: string, work: string, repetitions: number): Promise<Measurement> {
  const { folder } = await pullModel(findModel('nano')!);
  const printed = await output(python, [SCRIPT, work, folder, String(repetitions)]);
  const last = printed.trim().split('\n').pop() ?? '';
  const measurement = measurementSchema.safeParse(JSON.parse(last.startsWith('{') ? last : 'null'));
  if (!measurement.success) throw new InputError(`${SCRIPT}: expected one JSON line with the figures of its work, got ${printed.slice(0, 200)}`); // prettier-ignore
  return measurement.data;
}
