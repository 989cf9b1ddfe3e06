import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../../errors.ts';
import { readTensor } from './read-tensor.ts';
import { readSafetensorsHeader, type SafetensorsEntry } from './safetensors-header.ts';
import type { WeightSource } from './weight-source.ts';

interface Located {
  readonly entry: SafetensorsEntry;
  readonly file: string;
  readonly handle: FileHandle;
}

/**
 * Opens the safetensors files of one model. Only their headers are read; a tensor's bytes are read when it is asked for.
 *
 * @param weightMap Which file (a base name of one of `files`) has each tensor, of a sharded model's index; the tensors that it does not name are left out.
 * @throws InputError where a file is missing, a header is wrong, or a tensor is not where the index says or is in two files.
 */
export async function openSafetensors(
  files: readonly string[],
  weightMap?: Readonly<Record<string, string>>,
): Promise<WeightSource> {
  const handles: FileHandle[] = [];
  const close = async () => {
    await Promise.all(handles.map((handle) => handle.close()));
  };
  try {
    const located = new Map<string, Located>();
    for (const file of files) {
      const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
        throw new InputError(`${file}: expected a safetensors file, got ${error.code ?? error.message}`);
      });
      handles.push(handle);
      for (const [name, entry] of await readSafetensorsHeader(handle, file)) {
        if (weightMap && weightMap[name] !== path.basename(file)) continue;
        const other = located.get(name);
        if (other) throw new InputError(`${file}: tensor ${JSON.stringify(name)} is in ${other.file} too`);
        located.set(name, { entry, file, handle });
      }
    }
    for (const [name, file] of Object.entries(weightMap ?? {})) {
      if (!located.has(name))
        throw new InputError(`${file}: expected a tensor ${JSON.stringify(name)}, as the index says, got none`);
    }
    return {
      names: () => [...located.keys()],
      shape: (name) => located.get(name)?.entry.shape,
      close,
      read: async (name) => {
        const found = located.get(name);
        if (!found) throw new InputError(`${files.join(', ')}: expected a tensor ${name}, got none`);
        const { entry, file, handle } = found;
        if ('unsupported' in entry) {
          throw new InputError(
            `${file}: tensor ${name}: expected F32, F16, BF16 or F64, got ${entry.unsupported} (quantised models are read from GGUF)`,
          );
        }
        return readTensor(handle, file, entry);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
