import assert from 'node:assert/strict';
import { test } from 'node:test';
import { float16Values, toFloat16 } from '../../../../harness/language-model/weights/half-floats.ts';

test('each half float is written as itself', () => {
  const bits = Uint16Array.from({ length: 65_536 }, (_, i) => i).filter((i) => !Number.isNaN(float16Values[i]!));
  assert.deepEqual(toFloat16(Float32Array.from(bits, (i) => float16Values[i]!)), bits);
});

test('others go to the nearest, halves to the even one; too large ones become infinite', () => {
  const cases: [number, number][] = [
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [1 + 2 ** -11 + 2 ** -20, 0x3c01],
    [-(2 - 2 ** -11), 0xc000],
    [2 ** -25, 0],
    [3 * 2 ** -25, 2],
    [2 ** -14 - 2 ** -25, 0x0400],
    [65_519, 0x7bff],
    [65_520, 0x7c00],
    [-Infinity, 0xfc00],
    [NaN, 0x7e00],
  ];
  assert.deepEqual([...toFloat16(Float32Array.from(cases, ([value]) => value))], cases.map(([, bits]) => bits)); // prettier-ignore
});
