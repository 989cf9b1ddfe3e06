import assert from 'node:assert/strict';

/** Asserts that a number is another one, but for a tolerance. */
export function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `expected ${expected}, got ${actual}`);
}
