import { float16Values as half } from './half-floats.ts';

/** How a type of ggml or safetensors packs a block of consecutive values of a row. */
export interface BlockType {
  readonly name: string;
  /** Its number in a GGUF file. */
  readonly ggml: number;
  /** Values a block. */
  readonly values: number;
  /** Bytes a block. */
  readonly bytes: number;
  /** Unpacks whole blocks from the start of `from` until `to` is full. */
  readonly unpack: (from: Uint8Array, to: Float32Array) => void;
}

/*
 * The arithmetic below is done in doubles and rounded once, when it is stored as a float32. That is bit-equal to float32 multiply, then add: a product of a
 * half float (11 significant bits), a scale of up to 7 bits and a quant of up to 6 bits is exact in 24 bits, and the difference of two such products, whose bits
 * lie between 2^-24 and 2^26, is exact in a double's 53. Layouts: ggml's quantised blocks as the Python package gguf unpacks them.
 */

/** Half float at a byte place, little endian. */
function half16(from: Uint8Array, at: number): number {
  return half[from[at]! | (from[at + 1]! << 8)]!;
}

function signed(byte: number): number {
  return (byte << 24) >> 24;
}

function unpackF32(from: Uint8Array, to: Float32Array): void {
  new Uint8Array(to.buffer, to.byteOffset, to.byteLength).set(from);
}

function unpackF16(from: Uint8Array, to: Float32Array): void {
  for (let i = 0; i < to.length; i++) to[i] = half16(from, 2 * i);
}

function unpackBF16(from: Uint8Array, to: Float32Array): void {
  const bits = new Uint32Array(to.buffer, to.byteOffset, to.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (from[2 * i]! << 16) | (from[2 * i + 1]! << 24);
}

function unpackF64(from: Uint8Array, to: Float32Array): void {
  const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
  for (let i = 0; i < to.length; i++) to[i] = view.getFloat64(8 * i, true);
}

function unpackQ80(from: Uint8Array, to: Float32Array): void {
  for (let i = 0, at = 0; i < to.length; i += 32, at += 34) {
    const scale = half16(from, at);
    for (let j = 0; j < 32; j++) to[i + j] = scale * signed(from[at + 2 + j]!);
  }
}

/** 32 values of 4 bits: value j is the low half of byte j, value 16 + j its high half. */
function unpackQ40(from: Uint8Array, to: Float32Array): void {
  for (let i = 0, at = 0; i < to.length; i += 32, at += 18) {
    const scale = half16(from, at);
    for (let j = 0; j < 16; j++) {
      const byte = from[at + 2 + j]!;
      to[i + j] = scale * ((byte & 15) - 8);
      to[i + 16 + j] = scale * ((byte >> 4) - 8);
    }
  }
}

function unpackQ41(from: Uint8Array, to: Float32Array): void {
  for (let i = 0, at = 0; i < to.length; i += 32, at += 20) {
    const scale = half16(from, at);
    const least = half16(from, at + 2);
    for (let j = 0; j < 16; j++) {
      const byte = from[at + 4 + j]!;
      to[i + j] = scale * (byte & 15) + least;
      to[i + 16 + j] = scale * (byte >> 4) + least;
    }
  }
}

/** As Q4_0 and Q4_1, with each value's fifth bit in a word of 32 bits before the halves. */
function unpackQ5(from: Uint8Array, to: Float32Array, hasLeast: boolean): void {
  const start = hasLeast ? 4 : 2;
  for (let i = 0, at = 0; i < to.length; i += 32, at += start + 20) {
    const scale = half16(from, at);
    const least = hasLeast ? half16(from, at + 2) : 0;
    const shift = hasLeast ? 0 : 16;
    const high = at + start;
    for (let j = 0; j < 16; j++) {
      const byte = from[high + 4 + j]!;
      const lowFifth = (from[high + (j >> 3)]! >> (j & 7)) & 1;
      const highFifth = (from[high + 2 + (j >> 3)]! >> (j & 7)) & 1;
      const low = ((byte & 15) | (lowFifth << 4)) - shift;
      const top = ((byte >> 4) | (highFifth << 4)) - shift;
      to[i + j] = hasLeast ? scale * low + least : scale * low;
      to[i + 16 + j] = hasLeast ? scale * top + least : scale * top;
    }
  }
}

/** 256 values in 8 groups of 32; a scale and a least value of 6 bits each a group, packed into 12 bytes. */
function unpackQ4K(from: Uint8Array, to: Float32Array): void {
  for (let i = 0, at = 0; i < to.length; i += 256, at += 144) {
    const scale = half16(from, at);
    const least = half16(from, at + 2);
    for (let group = 0; group < 8; group++) {
      const packed = at + 4 + (group & 3);
      const first = group < 4;
      const groupScale = first ? from[packed]! & 63 : (from[packed + 8]! & 15) | ((from[packed]! >> 6) << 4);
      const groupLeast = first ? from[packed + 4]! & 63 : (from[packed + 8]! >> 4) | ((from[packed + 4]! >> 6) << 4);
      const multiplier = scale * groupScale;
      const offset = least * groupLeast;
      const quants = at + 16 + (group >> 1) * 32;
      const shift = (group & 1) * 4;
      for (let j = 0; j < 32; j++) to[i + group * 32 + j] = multiplier * ((from[quants + j]! >> shift) & 15) - offset;
    }
  }
}

/** 256 values of 6 bits (4 low, 2 high) in 16 groups of 16 with a signed scale of 8 bits each. */
function unpackQ6K(from: Uint8Array, to: Float32Array): void {
  for (let i = 0, at = 0; i < to.length; i += 256, at += 210) {
    const scale = half16(from, at + 208);
    for (let group = 0; group < 16; group++) {
      const multiplier = scale * signed(from[at + 192 + group]!);
      const half128 = group >> 3;
      const quarter = (group >> 1) & 3;
      for (let j = 0; j < 16; j++) {
        const column = (group & 1) * 16 + j;
        const low = from[at + half128 * 64 + (quarter & 1) * 32 + column]! >> (quarter >= 2 ? 4 : 0);
        const high = from[at + 128 + half128 * 32 + column]! >> (2 * quarter);
        to[i + group * 16 + j] = multiplier * (((low & 15) | ((high & 3) << 4)) - 32);
      }
    }
  }
}

/** The types that are supported. */
export const blockTypes: readonly BlockType[] = [
  { name: 'F32', ggml: 0, values: 1, bytes: 4, unpack: unpackF32 },
  { name: 'F16', ggml: 1, values: 1, bytes: 2, unpack: unpackF16 },
  { name: 'Q4_0', ggml: 2, values: 32, bytes: 18, unpack: unpackQ40 },
  { name: 'Q4_1', ggml: 3, values: 32, bytes: 20, unpack: unpackQ41 },
  { name: 'Q5_0', ggml: 6, values: 32, bytes: 22, unpack: (from, to) => unpackQ5(from, to, false) },
  { name: 'Q5_1', ggml: 7, values: 32, bytes: 24, unpack: (from, to) => unpackQ5(from, to, true) },
  { name: 'Q8_0', ggml: 8, values: 32, bytes: 34, unpack: unpackQ80 },
  { name: 'Q4_K', ggml: 12, values: 256, bytes: 144, unpack: unpackQ4K },
  { name: 'Q6_K', ggml: 14, values: 256, bytes: 210, unpack: unpackQ6K },
  { name: 'F64', ggml: 28, values: 1, bytes: 8, unpack: unpackF64 },
  { name: 'BF16', ggml: 30, values: 1, bytes: 2, unpack: unpackBF16 },
];
