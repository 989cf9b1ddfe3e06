import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readPassages } from '../../datasets/read-passages.ts';
import { InputError } from '../../harness/errors.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function read(name: string, content: string | Uint8Array) {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return readPassages(file);
}

test('passages are read from lines, JSON lines and tables, with white space made even', async () => {
  const untitled = (text: string) => ({ title: '', text });
  assert.deepEqual(
    await read('a.txt', 'one\r\n\n  two \t words\n   \nthree'),
    ['one', 'two words', 'three'].map(untitled),
  );
  assert.deepEqual(await read('a.txt.gz', gzipSync('one\n')), [untitled('one')]);
  assert.deepEqual(await read('a.jsonl', '{"text":"one"}\n{"title":" T ","text":"two","id":7}\n'), [
    untitled('one'),
    { title: 'T', text: 'two' },
  ]);
  const rows = [
    { title: 'A', text: 'one, "1" more' },
    { title: '', text: 'two' },
  ];
  assert.deepEqual(await read('a.csv', 'id,text,title\n1,"one, ""1""\nmore",A\n2,two,\n'), rows);
  assert.deepEqual(await read('a.tsv', 'text\none\ntwo\n'), ['one', 'two'].map(untitled));
});

test('what is no file of passages is refused with all that is wrong', async () => {
  const refused = (reading: Promise<unknown>, message: RegExp) =>
    assert.rejects(reading, (error) => {
      assert.ok(error instanceof InputError, String(error));
      assert.match(error.message, message);
      return true;
    });
  await refused(read('b.txt', '\n \n'), /expected at least one passage, got none/);
  await refused(readPassages(path.join(folder, 'absent.txt')), /no such file/);
  await refused(
    read('b.jsonl', '{"text":" "}\n{"title":1,"text":"a"}\nno\n{"text":"a"}\n'),
    /b\.jsonl:1: text: expected a passage[^]*:2: title: expected string[^]*:3: expected one JSON object a line/,
  );
  await refused(read('b.csv', 'passage,title\na,b\n'), /b\.csv:1: expected a column "text" .*got passage, title/);
  await refused(read('c.csv', 'text,title\na\n'), /c\.csv:2: expected 2 cells, as in the header, got 1/);
  await refused(read('d.txt', Uint8Array.of(0xff, 0xfe, 0x61)), /expected UTF-8 text/);
});
