import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { z } from 'zod';
import { JsonLinesLog } from '../../../harness/store/json-lines-log.ts';

const schema = z.strictObject({ id: z.string() });

function temporaryFile(context: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'log-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'log.jsonl');
}

function open(file: string): { log: JsonLinesLog<{ id: string }>; ids: string[] } {
  const ids: string[] = [];
  return { log: JsonLinesLog.open(file, schema, ({ id }) => ids.push(id)), ids };
}

test('what was appended is there when it is opened again, and goes on behind it', (context) => {
  const file = temporaryFile(context);
  const first = open(file);
  first.log.append({ id: 'a' });
  first.log.append({ id: 'ü\u2028' });
  first.log.close();
  const second = open(file);
  second.log.append({ id: 'c' });
  second.log.close();
  assert.deepEqual(second.ids, ['a', 'ü\u2028']);
  assert.equal(readFileSync(file, 'utf8'), '{"id":"a"}\n{"id":"ü\u2028"}\n{"id":"c"}\n');
});

test('a file torn at any byte opens with its whole lines and ends as the undisturbed one', (context) => {
  const file = temporaryFile(context);
  const records = ['a', 'bé', 'c'].map((id) => ({ id }));
  const whole = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  for (let cut = 0; cut <= whole.length; cut++) {
    writeFileSync(file, whole.subarray(0, cut));
    const { log, ids } = open(file);
    for (const record of records.slice(ids.length)) log.append(record);
    log.close();
    assert.deepEqual(readFileSync(file), whole, `cut at byte ${cut}`);
  }
});

test('lines end where a power cut left zero bytes', (context) => {
  const file = temporaryFile(context);
  writeFileSync(file, '{"id":"a"}\n');
  appendFileSync(file, Buffer.concat([Buffer.alloc(7), Buffer.from('\n{"id":"c"}\n')]));
  const { log, ids } = open(file);
  log.close();
  assert.deepEqual(ids, ['a']);
  assert.equal(readFileSync(file, 'utf8'), '{"id":"a"}\n');
});

test('a longer file than one read is whole', (context) => {
  const file = temporaryFile(context);
  const expected = Array.from({ length: 3000 }, (_, at) => `${at}-${'x'.repeat(1000)}`);
  writeFileSync(file, expected.map((id) => `${JSON.stringify({ id })}\n`).join('') + '{"id":');
  const { log, ids } = open(file);
  log.close();
  assert.deepEqual(ids, expected);
});

test('a whole line that is not a record is an error with file and line, and the file stays as it is', (context) => {
  const file = temporaryFile(context);
  for (const bad of ['{"id":1}', '{"id"', '[]']) {
    const text = `{"id":"a"}\n${bad}\n{"id":"b"}\n`;
    writeFileSync(file, text);
    assert.throws(() => open(file), { name: 'InputError', message: /log\.jsonl:2: / });
    assert.equal(readFileSync(file, 'utf8'), text);
  }
});
