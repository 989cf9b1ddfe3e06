import { pickleBytes, pickleText } from './pickle-bytes.ts';
import { writeTorchZip } from './write-torch-zip.ts';

/** A float32 matrix of a torch file. */
export interface Matrix {
  readonly shape: readonly [number, number];
  readonly values: Float32Array;
}

/** Dicts of matrices, as deep as they are. */
export interface MatrixDict {
  readonly [name: string]: Matrix | MatrixDict;
}

/** Writes dicts of float32 matrices as torch.save does. */
export async function writeTorchFile(file: string, content: MatrixDict): Promise<void> {
  const storages: Record<string, Uint8Array> = {};
  const pickle = (value: Matrix | MatrixDict): Buffer => {
    if (!isMatrix(value)) {
      const items = Object.entries(value).flatMap(([name, each]) => [pickleText(name), pickle(each), Buffer.from('s')]);
      return Buffer.concat([Buffer.from('}'), ...items]);
    }
    const key = String(Object.keys(storages).length);
    const { shape, values } = value;
    storages[`archive/data/${key}`] = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return Buffer.concat([
      ...[
        Buffer.from('ctorch._utils\n_rebuild_tensor_v2\n(('),
        pickleText('storage'),
        Buffer.from('ctorch\nFloatStorage\n'),
      ],
      ...[pickleText(key), pickleText('cuda:0'), whole(values.length), Buffer.from('tQK\0')],
      ...[whole(shape[0]), whole(shape[1]), Buffer.from('\x86', 'latin1')],
      ...[whole(shape[1]), Buffer.from('K\x01\x86\x89ccollections\nOrderedDict\n)RtR', 'latin1')],
    ]);
  };
  const data = pickleBytes(pickle(content));
  await writeTorchZip(file, {
    'archive/data.pkl': data,
    'archive/byteorder': 'little',
    ...storages,
    'archive/version': '3\n',
  });
}

function isMatrix(value: Matrix | MatrixDict): value is Matrix {
  return value.values instanceof Float32Array;
}

/** BININT. */
function whole(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write('J');
  bytes.writeInt32LE(value, 1);
  return bytes;
}
