import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSameWork } from '../../../harness/bench/check-same-work.ts';

const measured = (results?: (number | string)[]) => ({ values: [1], cpu: 1, peakMemory: 1, results });

test('losses agree within 1e-3, answers to the letter, and rows that say nothing are not compared', () => {
  checkSameWork('row', measured([1.5, 0.25]), measured([1.5009, 0.2495]));
  checkSameWork('row', measured(['Ada', '']), measured(['Ada', '']));
  checkSameWork('row', measured(), measured([3]));
  assert.throws(() => checkSameWork('row', measured([1.5, 0.25]), measured([1.5, 0.2515])), /^MachineError: row: expected the same work on both sides, got 0\.25 here and 0\.2515 of the peer \(result 2/); // prettier-ignore
  assert.throws(() => checkSameWork('row', measured(['Ada']), measured(['ada'])), /same work/);
  assert.throws(() => checkSameWork('row', measured([1]), measured([1, 1])), /result 2 of 1 and 2/);
  assert.throws(() => checkSameWork('row', measured([1]), measured([NaN])), /same work/);
});
