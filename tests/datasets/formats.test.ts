import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Example } from '../../datasets/example.ts';
import { importBenchmark, type ImportRequest } from '../../datasets/import-benchmark.ts';
import type { Manifest } from '../../datasets/manifest.ts';
import { readNative } from '../../datasets/native.ts';
import { InputError } from '../../harness/errors.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'clara-bench-formats-'));
after(() => rm(folder, { recursive: true }));

const lines = (...records: unknown[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');

type Changes = Partial<Omit<ImportRequest, 'options'>> & { options?: Partial<ImportRequest['options']> };

async function importText(
  name: string,
  text: string | Uint8Array,
  changes: Changes = {},
): Promise<{ examples: Example[]; manifest: Manifest }> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  const output = path.join(folder, 'out', 'dev.jsonl.gz');
  const manifest = await importBenchmark({
    benchmark: 'test',
    split: 'dev',
    files: [file],
    output,
    skipBad: false,
    ...changes,
    options: { unanswerable: 'leave-out', candidates: 'paragraph', columns: {}, ...changes.options },
  });
  const examples: Example[] = [];
  for await (const example of readNative(output)) examples.push(example);
  return { examples, manifest };
}

async function problemsOf(name: string, text: string, changes?: Changes): Promise<readonly string[]> {
  try {
    await importText(name, text, changes);
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error.problems.map((problem) => problem.replaceAll(`${folder}${path.sep}`, ''));
  }
  assert.fail('expected an InputError');
}

const hotpot = {
  _id: 'h1',
  question: 'Who  built the\tmill?',
  answer: 'Ada Mill',
  type: 'bridge',
  level: 'easy',
  supporting_facts: [
    ['Mill', 0],
    ['Ada', 1],
    ['Ada', 0],
  ],
  context: [
    ['Brook', ['A brook.']],
    ['Ada', ['Ada built it.', ' She was "tall".']],
    ['Mill', ['The mill.', ' Old.']],
  ],
};

test('HotpotQA: one array, sentences joined as they are, gold by title, missing gold counted', async () => {
  const fullwiki = { ...hotpot, _id: 'h2', context: hotpot.context.slice(0, 2) };
  const { examples, manifest } = await importText('hotpot.json', JSON.stringify([hotpot, fullwiki], null, 1));
  assert.deepEqual(examples[0], {
    id: 'h1',
    question: 'Who built the mill?',
    answers: ['Ada Mill'],
    docs: [
      { title: 'Brook', text: 'A brook.' },
      { title: 'Ada', text: 'Ada built it. She was "tall".' },
      { title: 'Mill', text: 'The mill. Old.' },
    ],
    pos_index: [1, 2],
  });
  assert.deepEqual(examples[1]!.pos_index, [1]);
  assert.equal(manifest.format, 'hotpotqa');
  assert.equal(manifest.licence, 'CC BY-SA 4.0');
  assert.equal(manifest.rows_missing_gold, 1);
});

test('2WikiMultihopQA: sentences joined with a space, aliases by answer id', async () => {
  const record = {
    ...hotpot,
    context: [['Ada', ['Ada built it.', 'She was tall.']]],
    evidences: [],
    answer_id: 'Q7',
  };
  const aliasFile = path.join(folder, 'id_aliases.json');
  await writeFile(
    aliasFile,
    lines({ Q_id: 'Q7', aliases: ['Ada M.', 'Ada Mill'], demonyms: ['Millish'] }, { Q_id: 'Q8', aliases: ['x'] }),
  );
  const { examples, manifest } = await importText('wiki.json', JSON.stringify([record]), { aliasFile });
  assert.equal(examples[0]!.docs[0]!.text, 'Ada built it. She was tall.');
  assert.deepEqual(examples[0]!.answers, ['Ada Mill', 'Ada M.', 'Millish']);
  assert.deepEqual(
    manifest.sources.map(({ name }) => name),
    ['wiki.json', 'id_aliases.json'],
  );
});

const musique = {
  id: '2hop__1_2',
  paragraphs: [
    { idx: 0, title: 'A', paragraph_text: 'a', is_supporting: false },
    { idx: 1, title: 'B', paragraph_text: 'b', is_supporting: true },
  ],
  question: 'q?',
  question_decomposition: [],
  answer: 'B',
  answer_aliases: ['Bee', 'B'],
  answerable: true,
};

test('MuSiQue full: the unanswerable twin is counted and left out, or kept under an id of its own', async () => {
  const text = lines(musique, { ...musique, answerable: false });
  const without = await importText('musique.jsonl', text);
  assert.deepEqual(
    without.examples.map(({ id, answers, pos_index }) => ({ id, answers, pos_index })),
    [{ id: '2hop__1_2', answers: ['B', 'Bee'], pos_index: [1] }],
  );
  assert.deepEqual(without.manifest.unanswerable, { kept: 0, left_out: 1 });
  const kept = await importText('musique.jsonl', text, { options: { unanswerable: 'keep' } });
  assert.deepEqual(
    kept.examples.map(({ id, answers }) => ({ id, answers })),
    [
      { id: '2hop__1_2', answers: ['B', 'Bee'] },
      { id: '2hop__1_2-unanswerable', answers: ['noanswer'] },
    ],
  );
  assert.deepEqual(kept.manifest.unanswerable, { kept: 1, left_out: 0 });
});

test('NQ open: no passages, ids from the content, the same on every import', async () => {
  const text = lines({ question: 'who', answer: ['x', 'y'] }, { question: 'what', answer: 'z' });
  const [first, second] = [await importText('nq.jsonl', text), await importText('nq.jsonl.gz', gzipSync(text))];
  assert.deepEqual(first.examples, second.examples);
  assert.match(first.examples[0]!.id, /^[0-9a-f]{20}$/);
  assert.notEqual(first.examples[0]!.id, first.examples[1]!.id);
  assert.deepEqual(first.examples[1]!.answers, ['z']);
  assert.equal(first.manifest.output.sha256, second.manifest.output.sha256);
  assert.equal(first.manifest.rows_without_gold, 2);
});

test('passage lists: gold is isgold, or has_answer where nothing is labelled; --passages cuts distractors from the end', async () => {
  const ctxs = [
    { id: '1', title: 'T1', text: 'one', hasanswer: true, isgold: false, score: 3 },
    { id: '2', title: 'T2', text: 'two', hasanswer: false, isgold: false, score: 2 },
    { id: '3', title: 'T3', text: 'three', hasanswer: true, isgold: true },
  ];
  const row = { question: 'q', answers: ['a'], ctxs };
  const labelled = await importText('lost.jsonl', lines(row), { options: { passages: 2 } });
  assert.deepEqual(
    labelled.examples[0]!.docs.map(({ title }) => title),
    ['T1', 'T3'],
  );
  assert.deepEqual(labelled.examples[0]!.pos_index, [1]);
  const plain = { ...row, ctxs: ctxs.map(({ title, text, hasanswer }) => ({ title, text, has_answer: hasanswer })) };
  const retrieved = await importText('dpr.json', JSON.stringify([plain]));
  assert.deepEqual(retrieved.examples[0]!.pos_index, [0, 2]);
});

test('DPR training files: gold among the candidates in a stable order', async () => {
  const passage = (title: string) => ({ title, text: `text ${title}`, score: 1, passage_id: title });
  const records = Array.from({ length: 12 }, (_, index) => ({
    question: `q${index}`,
    answers: ['a'],
    positive_ctxs: [passage('P')],
    hard_negative_ctxs: [passage('H')],
    negative_ctxs: [passage('N1'), passage('N2')],
  }));
  const { examples } = await importText('nq-train.json', JSON.stringify(records), { options: { passages: 3 } });
  for (const { docs, pos_index } of examples) {
    assert.deepEqual(docs.map(({ title }) => title).sort(), ['H', 'N1', 'P']);
    assert.equal(docs[pos_index[0]!]!.title, 'P');
  }
  assert.ok(new Set(examples.map(({ pos_index }) => pos_index[0])).size > 1);
});

const squad = {
  version: 'v2.0',
  data: [
    {
      title: 'Old_Mill',
      paragraphs: [
        {
          context: 'The mill is red.',
          qas: [
            { id: 's1', question: 'What colour?', answers: [{ text: 'red', answer_start: 12 }, { text: 'red' }] },
            { id: 's2', question: 'Why?', answers: [], is_impossible: true, plausible_answers: [{ text: 'red' }] },
          ],
        },
        { context: 'It is old.', qas: [{ id: 's3', question: 'How old?', answers: [{ text: 'old' }] }] },
      ],
    },
  ],
};

test('SQuAD: own paragraph, or all of the article; impossible questions explicit', async () => {
  const own = await importText('squad.json', JSON.stringify(squad));
  assert.deepEqual(own.examples, [
    {
      id: 's1',
      question: 'What colour?',
      answers: ['red'],
      docs: [{ title: 'Old Mill', text: 'The mill is red.' }],
      pos_index: [0],
    },
    {
      id: 's3',
      question: 'How old?',
      answers: ['old'],
      docs: [{ title: 'Old Mill', text: 'It is old.' }],
      pos_index: [0],
    },
  ]);
  assert.deepEqual(own.manifest.unanswerable, { kept: 0, left_out: 1 });
  const article = await importText('squad.json', JSON.stringify({ data: squad.data, version: '1.1' }, null, 2), {
    options: { candidates: 'article', unanswerable: 'keep' },
  });
  assert.deepEqual(
    article.examples.map(({ id, answers, docs, pos_index }) => [id, answers[0], docs.length, pos_index[0]]),
    [
      ['s1', 'red', 2, 0],
      ['s2', 'noanswer', 2, 0],
      ['s3', 'old', 2, 1],
    ],
  );
});

test('CLaRa: pre-training pairs, instruction rows, end-to-end rows', async () => {
  const pretraining = await importText(
    'pretrain.jsonl',
    lines(
      { data_type: 'qa', question: ['q1', 'q2'], answers: ['a1', 'a2'], docs: ['d'] },
      { data_type: 'paraphrase', question: [], answers: ['again'], docs: ['d'] },
    ),
  );
  assert.equal(pretraining.manifest.format, 'clara-pretraining');
  assert.deepEqual(
    pretraining.examples.map(({ question, answers, docs, pos_index }) => [
      question,
      answers[0],
      docs[0]!.text,
      pos_index,
    ]),
    [
      ['q1', 'a1', 'd', [0]],
      ['q2', 'a2', 'd', [0]],
      ['Paraphrase the passage.', 'again', 'd', [0]],
    ],
  );
  const instruction = await importText(
    'instruct.jsonl',
    lines({ question: 'q', docs: ['d1', 'd2'], gold_answer: 'gold', answer: 'the teacher says gold' }),
  );
  assert.equal(instruction.manifest.format, 'clara-instruction');
  assert.deepEqual(instruction.examples[0]!.answers, ['gold']);
  assert.deepEqual(instruction.examples[0]!.pos_index, []);
  const endToEnd = await importText(
    'e2e.jsonl',
    lines(
      { question: 'q', answer: 'a', docs: ['d1', 'd2', 'd3'], pos_index: [2, 0, 2] },
      { question: 'r', golden_answers: ['a', 'b'], docs: ['d1'], pos_index: [] },
    ),
  );
  assert.equal(endToEnd.manifest.format, 'clara-end-to-end');
  assert.deepEqual(
    endToEnd.examples.map(({ answers, pos_index }) => [answers, pos_index]),
    [
      [['a'], [0, 2]],
      [['a', 'b'], []],
    ],
  );
});

test('native rows come through unchanged, whatever the order of their keys', async () => {
  const example = { pos_index: [0], docs: [{ text: 'é “x”', title: 'T' }], answers: ['a'], question: 'q', id: 'n1' };
  const { examples, manifest } = await importText('own.jsonl', lines(example));
  assert.deepEqual(examples, [example]);
  assert.equal(manifest.format, 'native');
});

test('several files are one split; their formats must agree', async () => {
  const files = [path.join(folder, 'a.jsonl'), path.join(folder, 'b.jsonl'), path.join(folder, 'c.json')];
  await writeFile(files[0]!, lines(musique));
  await writeFile(files[1]!, lines({ ...musique, id: 'other' }));
  await writeFile(files[2]!, JSON.stringify([hotpot]));
  const { examples } = await importText('unused', '', { files: files.slice(0, 2) });
  assert.deepEqual(
    examples.map(({ id }) => id),
    ['2hop__1_2', 'other'],
  );
  await assert.rejects(importText('unused', '', { files }), /expected files of one format, got musique and hotpotqa/);
});

test('a bad row is told with place and field, all its problems at once, and every row after it too', async () => {
  const bad = { ...hotpot, _id: 7, answer: null, context: [['T', 'no list']] };
  assert.deepEqual(await problemsOf('bad.json', JSON.stringify([hotpot, bad, { ...hotpot, question: 3, _id: 'x' }])), [
    'bad.json[1]: _id: expected string, got number',
    'bad.json[1]: answer: expected string, got null',
    'bad.json[1]: context[0][1]: expected array, got string',
    'bad.json[2]: question: expected string, got number',
    'nothing was written',
  ]);
  const squadBad = structuredClone(squad) as { data: { paragraphs: { qas: object[] }[] }[] };
  squadBad.data[0]!.paragraphs[0]!.qas[0] = { id: 's1', question: 'q', answers: [] };
  assert.deepEqual(await problemsOf('squad-bad.json', JSON.stringify(squadBad)), [
    'squad-bad.json: data[0].paragraphs[0].qas[0]: answers: expected at least one answer of a question that is not marked is_impossible',
    'nothing was written',
  ]);
  const [broken] = await problemsOf('broken.jsonl', `${lines(musique)}{"id": oops}\n`);
  assert.match(broken!, /^broken\.jsonl:2: expected a JSON object, got no JSON/);
  assert.deepEqual(
    await problemsOf('index.jsonl', lines({ question: 'q', answer: 'a', docs: ['d'], pos_index: [1] })),
    ['index.jsonl:1: pos_index[0]: expected an index below 1 (the number of docs), got 1', 'nothing was written'],
  );
  assert.deepEqual(await problemsOf('blank.jsonl', lines({ question: ' ', answer: '\t' })), [
    'blank.jsonl:1: question: expected a text, got white space only',
    'blank.jsonl:1: answers[0]: expected a text, got white space only',
    'nothing was written',
  ]);
});

test('a repeated id is an error that names both places', async () => {
  assert.deepEqual(await problemsOf('twice.json', JSON.stringify([hotpot, hotpot])), [
    'twice.json[1]: id: expected an id of its own, got "h1", that of question 1',
    'nothing was written',
  ]);
});

test('--skip-bad leaves bad rows out and lists them without the folder', async () => {
  const text = lines(musique, { ...musique, id: 5 }, musique);
  const { examples, manifest } = await importText('some.jsonl', text, { skipBad: true });
  assert.equal(examples.length, 1);
  assert.deepEqual(manifest.bad_rows, {
    count: 2,
    listed: [
      'some.jsonl:2: id: expected string, got number',
      'some.jsonl:3: id: expected an id of its own, got "2hop__1_2", that of question 1',
    ],
  });
  const [none] = await problemsOf('none.jsonl', lines({ id: 5 }), { format: 'musique', skipBad: true });
  assert.match(none!, /expected at least one question to write, got none \(0 unanswerable and 1 bad ones left out\)/);
});

test('gold answers that normalise to nothing are flagged', async () => {
  const { manifest } = await importText(
    'the.jsonl',
    lines({ ...musique, answer: 'The', answer_aliases: ['?', 'An A.', 'B'] }),
  );
  assert.equal(manifest.warnings.count, 1);
  assert.deepEqual(manifest.warnings.listed, [
    'the.jsonl:1: 2hop__1_2: the gold answer "The" normalises to nothing',
    'the.jsonl:1: 2hop__1_2: the gold answer "?" normalises to nothing',
    'the.jsonl:1: 2hop__1_2: the gold answer "An A." normalises to nothing',
  ]);
});

test('files that are something else are refused with what they hold', async () => {
  assert.match(
    (await problemsOf('x.jsonl', lines({ a: 1, b: 2 })))[0]!,
    /^x\.jsonl:1: expected a record of one of the formats .* got the keys a, b$/,
  );
  assert.match((await problemsOf('x.json', '[]'))[0]!, /expected at least one record, got none/);
  assert.match((await problemsOf('x.txt', 'hello'))[0]!, /expected JSON .* got "hello"/);
  assert.match((await problemsOf('x.gz', 'hello'))[0]!, /not whole gzip data/);
  assert.match((await problemsOf('cut.json', JSON.stringify([hotpot]).slice(0, -1)))[0]!, /cut off/);
});

test('an option that the format has no use for is refused, all of them at once', async () => {
  const changes = { aliasFile: 'x', options: { candidates: 'article', columns: { question: ['q'] } } } as const;
  assert.deepEqual(await problemsOf('m.jsonl', lines(musique), changes), [
    '--aliases: expected files of the format 2wikimultihopqa, got musique',
    '--candidates article: expected files of the format squad, got musique',
    '--column: expected files of the format table, got musique',
  ]);
  assert.deepEqual(await problemsOf('m.csv', 'question,answer\nq,a\n', { format: 'musique' }), [
    '--format: expected files of the format musique, got table',
  ]);
});
