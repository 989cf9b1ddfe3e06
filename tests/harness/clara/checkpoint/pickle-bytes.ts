/** A pickle of protocol 2 from opcodes: texts are bytes as they stand, numbers single bytes. */
export function pickleBytes(...parts: readonly (string | number | Uint8Array)[]): Buffer {
  const bytes = parts.map((part) =>
    typeof part === 'number' ? Buffer.of(part) : typeof part === 'string' ? Buffer.from(part, 'latin1') : part,
  );
  return Buffer.concat([Buffer.of(0x80, 2), ...bytes, Buffer.from('.')]);
}

/** BINUNICODE of a text. */
export function pickleText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(5);
  head.write('X');
  head.writeUInt32LE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** `{name: tensor}` as torch.save pickles it, of a float32 storage "0" of so many values. Numbers are below 256. */
export function pickledTensor(given: {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset?: number;
  readonly storageValues: number;
  readonly storage?: string;
}): Buffer {
  const { shape, strides, offset = 0, storageValues, storage = 'FloatStorage' } = given;
  const numbers = (list: readonly number[]): Buffer =>
    Buffer.concat([Buffer.from('('), ...list.map((each) => Buffer.from([0x4b, each])), Buffer.from('t')]);
  return pickleBytes(
    ...['}', pickleText('t'), 'ctorch._utils\n_rebuild_tensor_v2\n', '(('],
    ...[pickleText('storage'), `ctorch\n${storage}\n`, pickleText('0'), pickleText('cpu')],
    ...['K', storageValues, 't', 'Q', 'K', offset, numbers(shape), numbers(strides), 0x89],
    ...['ccollections\nOrderedDict\n)R', 't', 'R', 's'],
  );
}
