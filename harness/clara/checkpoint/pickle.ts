import { InputError } from '../../errors.ts';

/** A pickled container or scalar, or an object that `PickleObjects` made. Dicts are maps, tuples and lists are arrays. */
export type PickleValue<T> =
  null | boolean | number | string | T | PickleValue<T>[] | Map<string | number, PickleValue<T>>;

/** What the globals and persistent ids of a pickle stand for: all that is not a plain container, decided by the format on top. Nothing of the pickle itself is ever run. */
export interface PickleObjects<T> {
  /** What a global stands for, or undefined where it is refused. */
  global(module: string, name: string): T | undefined;
  /** What a call of a global gives. @throws Error saying what was expected of the arguments. */
  call(callee: T, given: readonly PickleValue<T>[]): PickleValue<T>;
  /** What a persistent id stands for. @throws Error likewise. */
  persistent(id: PickleValue<T>): T;
  /** Sets an object's state. @throws Error where it takes none. */
  build(target: PickleValue<T>, state: PickleValue<T>): void;
}

/** The most that a checkpoint of thousands of tensors comes near: 300 tensors take some 30 kB. */
export const MAX_PICKLE_BYTES = 32 * 1024 * 1024;
/** Entries of the stack; torch writes at most 2,000 keys and values before it empties it. */
const MAX_STACK = 100_000;
/** Entries of the memo; a tensor takes about seven. */
const MAX_MEMO = 1_000_000;
/** Containers in one another; a checkpoint has two, its tensors three more. */
const MAX_DEPTH = 32;

/** The opcodes of protocol 2 that plain containers and tensors need, by byte. */
const NAMES: Readonly<Record<number, string>> = {
  ...{ 0x80: 'PROTO', 0x2e: 'STOP', 0x28: 'MARK', 0x4e: 'NONE', 0x88: 'NEWTRUE', 0x89: 'NEWFALSE', 0x8a: 'LONG1' },
  ...{ 0x4a: 'BININT', 0x4b: 'BININT1', 0x4d: 'BININT2', 0x47: 'BINFLOAT', 0x58: 'BINUNICODE', 0x7d: 'EMPTY_DICT' },
  ...{ 0x5d: 'EMPTY_LIST', 0x29: 'EMPTY_TUPLE', 0x74: 'TUPLE', 0x85: 'TUPLE1', 0x86: 'TUPLE2', 0x87: 'TUPLE3' },
  ...{ 0x61: 'APPEND', 0x65: 'APPENDS', 0x73: 'SETITEM', 0x75: 'SETITEMS', 0x71: 'BINPUT', 0x72: 'LONG_BINPUT' },
  ...{ 0x68: 'BINGET', 0x6a: 'LONG_BINGET', 0x63: 'GLOBAL', 0x52: 'REDUCE', 0x51: 'BINPERSID', 0x62: 'BUILD' },
};
/** The further opcodes, refused by their names. */
const REFUSED: Readonly<Record<number, string>> = {
  ...{ 0x30: 'POP', 0x31: 'POP_MARK', 0x32: 'DUP', 0x46: 'FLOAT', 0x49: 'INT', 0x4c: 'LONG', 0x50: 'PERSID' },
  ...{ 0x53: 'STRING', 0x54: 'BINSTRING', 0x55: 'SHORT_BINSTRING', 0x56: 'UNICODE', 0x64: 'DICT', 0x67: 'GET' },
  ...{ 0x69: 'INST', 0x6c: 'LIST', 0x6f: 'OBJ', 0x70: 'PUT', 0x81: 'NEWOBJ', 0x82: 'EXT1', 0x83: 'EXT2' },
  ...{ 0x84: 'EXT4', 0x8b: 'LONG4', 0x42: 'BINBYTES', 0x43: 'SHORT_BINBYTES', 0x8c: 'SHORT_BINUNICODE' },
  ...{ 0x8d: 'BINUNICODE8', 0x8e: 'BINBYTES8', 0x8f: 'EMPTY_SET', 0x90: 'ADDITEMS', 0x91: 'FROZENSET' },
  ...{ 0x92: 'NEWOBJ_EX', 0x93: 'STACK_GLOBAL', 0x94: 'MEMOIZE', 0x95: 'FRAME', 0x96: 'BYTEARRAY8' },
  ...{ 0x97: 'NEXT_BUFFER', 0x98: 'READONLY_BUFFER' },
};

/**
 * Reads a pickle of protocol 2 that holds plain containers, scalars and the objects that `objects` knows. It is a machine of 30 opcodes without a way to run anything:
 * every other opcode and every global that `objects` does not know is refused by its name before anything is made of it.
 *
 * @param where The file, for messages.
 * @throws InputError where the pickle is refused, broken, or beyond the limits above.
 */
export function readPickle<T extends object>(bytes: Buffer, where: string, objects: PickleObjects<T>): PickleValue<T> {
  if (bytes.length > MAX_PICKLE_BYTES) {
    throw new InputError(`${where}: expected a pickle of at most ${MAX_PICKLE_BYTES} bytes, got ${bytes.length}`);
  }
  return new Machine(bytes, where, objects).run();
}

class Machine<T extends object> {
  readonly #bytes: Buffer;
  readonly #where: string;
  readonly #objects: PickleObjects<T>;
  readonly #stack: PickleValue<T>[] = [];
  /** Heights of the stack at the open marks. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue<T>>();
  /** Levels of containers below a container, itself included. */
  readonly #depths = new WeakMap<object, number>();
  #at = 0;
  #opcode = 0;

  constructor(bytes: Buffer, where: string, objects: PickleObjects<T>) {
    this.#bytes = bytes;
    this.#where = where;
    this.#objects = objects;
  }

  run(): PickleValue<T> {
    if (this.#bytes[0] !== 0x80 || this.#bytes[1] !== 2) {
      throw this.#refusal(
        `expected a pickle of protocol 2, as torch.save writes, got the bytes ${this.#bytes.toString('hex', 0, 2)}`,
      );
    }
    for (;;) {
      this.#opcode = this.#at;
      const opcode = this.#take(1)[0]!;
      if (opcode === 0x2e) break;
      this.#step(opcode);
    }
    const value = this.#pop();
    if (this.#stack.length > 0 || this.#marks.length > 0)
      throw this.#refusal('the pickle ends with more than one value');
    if (this.#at < this.#bytes.length)
      throw this.#refusal(`${this.#bytes.length - this.#at} bytes after the end of the pickle`);
    return value;
  }

  #step(opcode: number): void {
    switch (NAMES[opcode]) {
      case 'PROTO':
        if (this.#opcode !== 0 || this.#take(1)[0] !== 2)
          throw this.#refusal('PROTO stands only at the beginning, with 2');
        return;
      case 'MARK':
        if (this.#marks.length >= MAX_DEPTH) throw this.#refusal(`more than ${MAX_DEPTH} containers in one another`);
        this.#marks.push(this.#stack.length);
        return;
      case 'NONE':
        return this.#push(null);
      case 'NEWTRUE':
        return this.#push(true);
      case 'NEWFALSE':
        return this.#push(false);
      case 'BININT':
        return this.#push(this.#take(4).readInt32LE());
      case 'BININT1':
        return this.#push(this.#take(1)[0]!);
      case 'BININT2':
        return this.#push(this.#take(2).readUInt16LE());
      case 'LONG1':
        return this.#push(this.#long(this.#take(this.#take(1)[0]!)));
      case 'BINFLOAT':
        return this.#push(this.#take(8).readDoubleBE());
      case 'BINUNICODE':
        return this.#push(this.#text(this.#take(this.#take(4).readUInt32LE())));
      case 'EMPTY_DICT':
        return this.#push(new Map());
      case 'EMPTY_LIST':
        return this.#push([]);
      case 'EMPTY_TUPLE':
        return this.#push(this.#tuple([]));
      case 'TUPLE':
        return this.#push(this.#tuple(this.#popToMark()));
      case 'TUPLE1':
        return this.#push(this.#tuple(this.#popSome(1)));
      case 'TUPLE2':
        return this.#push(this.#tuple(this.#popSome(2)));
      case 'TUPLE3':
        return this.#push(this.#tuple(this.#popSome(3)));
      case 'APPEND':
        return this.#append(this.#popSome(1));
      case 'APPENDS':
        return this.#append(this.#popToMark());
      case 'SETITEM':
        return this.#setItems(this.#popSome(2));
      case 'SETITEMS':
        return this.#setItems(this.#popToMark());
      case 'BINPUT':
        return this.#remember(this.#take(1)[0]!);
      case 'LONG_BINPUT':
        return this.#remember(this.#take(4).readUInt32LE());
      case 'BINGET':
        return this.#recall(this.#take(1)[0]!);
      case 'LONG_BINGET':
        return this.#recall(this.#take(4).readUInt32LE());
      case 'GLOBAL':
        return this.#global(this.#line(), this.#line());
      case 'REDUCE': {
        const [callee, given] = this.#popSome(2) as [PickleValue<T>, PickleValue<T>];
        if (!isObject(callee) || !Array.isArray(given)) throw this.#refusal('REDUCE expects a global and a tuple');
        return this.#push(this.#asking(() => this.#objects.call(callee, given)));
      }
      case 'BINPERSID': {
        const id = this.#pop();
        return this.#push(this.#asking(() => this.#objects.persistent(id)));
      }
      case 'BUILD': {
        const state = this.#pop();
        return this.#asking(() => this.#objects.build(this.#top(), state));
      }
      default: {
        const name = REFUSED[opcode] ?? 'unknown to pickle';
        throw this.#refusal(
          `refused opcode 0x${opcode.toString(16).padStart(2, '0')} (${name}); only tensors and plain containers are read, nothing is run`,
        );
      }
    }
  }

  #global(module: string, name: string): void {
    const found = this.#objects.global(module, name);
    if (found === undefined) {
      throw this.#refusal(
        `refused global ${JSON.stringify(`${module}.${name}`)}; only tensors and plain containers are read, nothing is run`,
      );
    }
    this.#push(found);
  }

  #append(items: readonly PickleValue<T>[]): void {
    const list = this.#top();
    if (!Array.isArray(list) || Object.isFrozen(list)) throw this.#refusal('expected a list to append to');
    for (const item of items) list.push(item);
    this.#deepen(list, items);
  }

  #setItems(items: readonly PickleValue<T>[]): void {
    const dict = this.#top();
    if (!(dict instanceof Map) || items.length % 2 !== 0)
      throw this.#refusal('expected a dict and pairs of keys and values');
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i]!;
      if (typeof key !== 'string' && typeof key !== 'number')
        throw this.#refusal('expected texts or numbers as keys of a dict');
      if (dict.has(key)) throw this.#refusal(`the key ${JSON.stringify(key)} is in a dict twice`);
      dict.set(key, items[i + 1]!);
    }
    this.#deepen(dict, items);
  }

  /** Tuples are frozen, so that no later opcode appends to one. */
  #tuple(items: PickleValue<T>[]): PickleValue<T>[] {
    this.#deepen(items, items);
    return Object.freeze(items) as PickleValue<T>[];
  }

  #deepen(container: object, items: readonly PickleValue<T>[]): void {
    let depth = this.#depths.get(container) ?? 1;
    for (const item of items) {
      if (item === container) throw this.#refusal('a container that holds itself');
      if (typeof item === 'object' && item !== null) depth = Math.max(depth, 1 + (this.#depths.get(item) ?? 0));
    }
    if (depth > MAX_DEPTH) throw this.#refusal(`more than ${MAX_DEPTH} containers in one another`);
    this.#depths.set(container, depth);
  }

  #remember(place: number): void {
    if (this.#memo.size >= MAX_MEMO) throw this.#refusal(`a memo of more than ${MAX_MEMO} entries`);
    this.#memo.set(place, this.#top());
  }

  #recall(place: number): void {
    const value = this.#memo.get(place);
    if (value === undefined) throw this.#refusal(`nothing is in the memo at ${place}`);
    this.#push(value);
  }

  #push(value: PickleValue<T>): void {
    if (this.#stack.length >= MAX_STACK) throw this.#refusal(`a stack of more than ${MAX_STACK} values`);
    this.#stack.push(value);
  }

  #top(): PickleValue<T> {
    const value = this.#stack.at(-1);
    if (value === undefined || this.#stack.length <= (this.#marks.at(-1) ?? 0))
      throw this.#refusal('nothing is on the stack');
    return value;
  }

  #pop(): PickleValue<T> {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popSome(count: number): PickleValue<T>[] {
    if (this.#stack.length - count < (this.#marks.at(-1) ?? 0))
      throw this.#refusal(`expected ${count} values on the stack`);
    return this.#stack.splice(-count, count);
  }

  #popToMark(): PickleValue<T>[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.#refusal('expected a MARK before it');
    return this.#stack.splice(mark);
  }

  #take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) throw this.#refusal('the pickle ends here, in the middle');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  #line(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end < 0) throw this.#refusal('the pickle ends here, in the middle');
    return this.#text(this.#take(end + 1 - this.#at).subarray(0, -1));
  }

  #text(bytes: Buffer): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw this.#refusal('expected UTF-8 text');
    }
  }

  /** Two's complement, little endian. */
  #long(bytes: Buffer): number {
    if (bytes.length > 8) throw this.#refusal('expected a whole number of at most 8 bytes');
    const padded = Buffer.alloc(8, (bytes.at(-1) ?? 0) & 0x80 ? 0xff : 0);
    padded.set(bytes);
    const value = Number(padded.readBigInt64LE());
    if (!Number.isSafeInteger(value)) throw this.#refusal('expected a whole number below 2 to the 53');
    return value;
  }

  /** What the format on top finds wrong gets its place. */
  #asking<R>(ask: () => R): R {
    try {
      return ask();
    } catch (error) {
      throw error instanceof InputError ? error : this.#refusal((error as Error).message);
    }
  }

  #refusal(what: string): InputError {
    return new InputError(`${this.#where}: byte ${this.#opcode} of the pickle: ${what}`);
  }
}

function isObject<T extends object>(value: PickleValue<T>): value is T {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
}
