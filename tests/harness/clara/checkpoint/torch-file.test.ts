import assert from 'node:assert/strict';
import { access, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openTorchFile } from '../../../../harness/clara/checkpoint/torch-file.ts';
import { TorchTensor } from '../../../../harness/clara/checkpoint/torch-tensor.ts';
import { InputError } from '../../../../harness/errors.ts';
import { pickleBytes, pickledTensor, pickleText } from './pickle-bytes.ts';
import expected from './tensors.json' with { type: 'json' };
import { writeTorchZip } from './write-torch-zip.ts';

const fixture = (name: string): string => path.join(import.meta.dirname, name);

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** What is at a path of keys in a torch file's containers. */
function at(content: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (value, key) => (value instanceof Map ? (value.get(key) as unknown) : undefined),
    content,
  );
}

function tensorAt(content: unknown, ...keys: readonly string[]): TorchTensor {
  const found = at(content, ...keys);
  assert.ok(found instanceof TorchTensor, keys.join('.'));
  return found;
}

async function opened(name: string, entries: Readonly<Record<string, Uint8Array | string>>, method?: number) {
  const file = path.join(folder, `${name}.pth`);
  await writeTorchZip(file, entries, method);
  return openTorchFile(file);
}

const refused = (opening: Promise<unknown>, message: RegExp): Promise<void> =>
  assert.rejects(opening, (error) => {
    assert.ok(error instanceof InputError, String(error));
    assert.match(error.message, message);
    return true;
  });

test('what torch.save wrote is read: four types, strided views, containers', async () => {
  const file = await openTorchFile(fixture('tensors.pth'));
  for (const [name, { shape, values }] of Object.entries(expected)) {
    const tensor = tensorAt(file.content, ...name.split('.'));
    assert.deepEqual(tensor.shape, shape, name);
    assert.deepEqual([...(await file.read(tensor))], values.map(Math.fround), name);
  }
  const { values } = expected.transposed;
  assert.deepEqual([...(await file.read(tensorAt(file.content, 'transposed'), 1, 3))], values.slice(6, 18));
  assert.deepEqual([...(await file.read(tensorAt(file.content, 'float32'), 4))], expected.float32.values.slice(16));
  assert.deepEqual(
    at(file.content, 'plain'),
    new Map<string, unknown>([
      ['text', 'größer 😀'],
      ['whole', [1, -2, 70000, -(2 ** 31), 2 ** 40, -(2 ** 40)]],
      ['float', 0.1],
      ['truth', [true, false, null]],
    ]),
  );
  await file.close();
});

test('big-endian bytes are turned', async () => {
  const data = Buffer.alloc(8);
  data.writeFloatBE(1.25, 0);
  data.writeFloatBE(-3, 4);
  const pickle = pickledTensor({ shape: [2], strides: [1], storageValues: 2 });
  const entries = { 'a/data.pkl': pickle, 'a/byteorder': 'big', 'a/data/0': data, 'a/version': '3\n' };
  const file = await opened('big', entries);
  assert.deepEqual([...(await file.read(tensorAt(file.content, 't')))], [1.25, -3]);
  await file.close();
});

test('a pickle that would run a program is refused by its name, and nothing runs', async () => {
  const mark = path.join(folder, 'ran');
  const command = pickleText(`touch ${mark}`);
  const attacks: Record<string, [Buffer, RegExp]> = {
    system: [pickleBytes('cposix\nsystem\n(', command, 'tR'), /refused global "posix\.system"/],
    os: [pickleBytes('cos\nsystem\n(', command, 'tR'), /refused global "os\.system"/],
    builtin: [pickleBytes('c__builtin__\neval\n(', command, 'tR'), /refused global "__builtin__\.eval"/],
    torch: [pickleBytes('ctorch\nload\n(', command, 'tR'), /refused global "torch\.load"/],
    lines: [pickleBytes('ccollections\nOrderedDict\xff\n)R'), /expected UTF-8 text/],
    inst: [pickleBytes('(', command, 'ios\nsystem\n'), /refused opcode 0x69 \(INST\)/],
    object: [pickleBytes('(', command, 'o'), /refused opcode 0x6f \(OBJ\)/],
    newObject: [pickleBytes('ccollections\nOrderedDict\n)', 0x81), /refused opcode 0x81 \(NEWOBJ\)/],
    stackGlobal: [pickleBytes(pickleText('os'), pickleText('system'), 0x93), /refused opcode 0x93 \(STACK_GLOBAL\)/],
    extension: [pickleBytes(0x82, 1), /refused opcode 0x82 \(EXT1\)/],
    unknown: [pickleBytes(0xff), /refused opcode 0xff \(unknown to pickle\)/],
    call: [
      pickleBytes('ccollections\nOrderedDict\n(', command, 'tR'),
      /refused call of collections\.OrderedDict with 1 arg/,
    ],
    storageCall: [pickleBytes('ctorch\nFloatStorage\n)R'), /refused call of torch\.FloatStorage/],
    state: [pickleBytes('ctorch\nFloatStorage\n}b'), /refused state of an object/],
  };
  for (const [name, [pickle, message]] of Object.entries(attacks)) {
    await refused(opened(name, { 'a/data.pkl': pickle, 'a/version': '3' }), message);
  }
  await assert.rejects(access(mark));
  await refused(openTorchFile(fixture('whole-numbers.pth')), /refused global "torch\.LongStorage"/);
});

test('broken and boundless pickles are refused', async () => {
  const pickle = (name: string, ...parts: readonly (string | number)[]) =>
    opened(name, { 'a/data.pkl': pickleBytes(...parts), 'a/version': '3' });
  await refused(pickle('protocol', 0x80, 4), /byte 2 of the pickle: PROTO stands only at the beginning/);
  await refused(
    opened('four', { 'a/data.pkl': Buffer.from([0x80, 4]), 'a/version': '3' }),
    /expected a pickle of protocol 2/,
  );
  await refused(pickle('empty'), /nothing is on the stack/);
  await refused(pickle('two', 'NN'), /ends with more than one value/);
  await refused(pickle('after', 'N.N'), /2 bytes after the end/);
  await refused(pickle('text', 'X', 255, 255, 255, 255, 'a'), /ends here, in the middle/);
  await refused(pickle('memo', 'h', 9), /nothing is in the memo at 9/);
  await refused(pickle('tuple', 't'), /expected a MARK/);
  await refused(pickle('below', 'N(', 0x85), /expected 1 values on the stack/);
  await refused(pickle('key', '}NNs'), /expected texts or numbers as keys/);
  await refused(pickle('twice', '}K', 1, 'NsK', 1, 'Ns'), /the key 1 is in a dict twice/);
  await refused(pickle('frozen', ')Na'), /expected a list to append to/);
  await refused(pickle('itself', ']q', 0, 'h', 0, 'a'), /a container that holds itself/);
  await refused(pickle('long', 0x8a, 9, '123456789'), /at most 8 bytes/);
  await refused(pickle('marks', '('.repeat(40)), /more than 32 containers/);
  await refused(pickle('deep', ')', '\x85'.repeat(40)), /more than 32 containers/);
  await refused(pickle('stack', 'N'.repeat(100_001)), /a stack of more than 100000/);
});

test('tensors that leave their storage, and files that are no whole torch zip, are refused', async () => {
  const eight = Buffer.alloc(8);
  const file = (name: string, tensor: Parameters<typeof pickledTensor>[0], entries: object = {}, method = 0) =>
    opened(name, { 'a/data.pkl': pickledTensor(tensor), 'a/version': '3', 'a/data/0': eight, ...entries }, method);
  const two = { shape: [2], strides: [1], storageValues: 2 };
  await refused(
    file('shape', { ...two, shape: [3] }),
    /a tensor \[3\] with strides \[1\] from 0 leaves its storage of 2/,
  );
  await refused(file('offset', { ...two, offset: 1 }), /leaves its storage/);
  await refused(file('expanded', { ...two, shape: [200, 200], strides: [0, 0] }), /leaves its storage/);
  await refused(file('strides', { ...two, strides: [1, 1] }), /as many strides, got 1 and 2/);
  await refused(file('type', { ...two, storage: 'IntStorage' }), /refused global "torch\.IntStorage"/);

  const short = await file('short', { ...two, storageValues: 3 });
  await refused(short.read(tensorAt(short.content, 't')), /data\/0: expected 3 values of F32, 12 bytes, got 8/);
  await short.close();
  await refused(file('packed', two, {}, 8), /expected it stored|invalid/);
  await refused(opened('none', { 'a/version': '3' }), /expected an entry data\.pkl/);
  await refused(
    opened('version', { 'a/data.pkl': pickleBytes('N'), 'a/version': '99' }),
    /version: expected a number from 1 to 10/,
  );
  await refused(
    opened('order', { 'a/data.pkl': pickleBytes('N'), 'a/version': '3', 'a/byteorder': 'odd' }),
    /byteorder/,
  );
  await refused(opened('folders', { 'a/data.pkl': pickleBytes('N'), 'b/version': '3' }), /all entries in one folder/);
  await refused(opened('outside', { 'a/../x': 'x' }), /invalid relative path/);

  await refused(openTorchFile(fixture('before-1.6.pth')), /got the one from before torch 1\.6/);
  await refused(openTorchFile(path.join(folder, 'absent.pth')), /ENOENT/);
  await refused(openTorchFile(fixture('tensors.json')), /expected a file of torch\.save \(a zip\)/);
  const cut = path.join(folder, 'cut.pth');
  const whole = await readFile(fixture('tensors.pth'));
  await writeFile(cut, whole);
  await truncate(cut, whole.length - 40);
  await refused(openTorchFile(cut), /expected a whole zip file/);
});
