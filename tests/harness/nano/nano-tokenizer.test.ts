import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { vocabulary } from '../../../datasets/atlas/vocabulary.ts';
import { paraphrasePrompt, questionsAnswer, questionsPrompt } from '../../../harness/clara/pretraining-prompts.ts';
import { specialTokenTexts } from '../../../harness/clara/special-tokens.ts';
import { openFolderTokenizer } from '../../../harness/language-model/models/open-folder-tokenizer.ts';
import { openModelFiles } from '../../../harness/language-model/open-model-files.ts';
import { findModel } from '../../../harness/language-model/registry.ts';
import type { Message } from '../../../harness/language-model/tokenizer/tokenizer.ts';
import { conversationReader } from '../../../harness/nano/conversation-reader.ts';
import { nanoTokenizer, nanoTokenizerConfig } from '../../../harness/nano/nano-tokenizer.ts';
import { drawContext } from '../../../harness/nano/sequences.ts';
import { documentText, questionMessages } from '../../../harness/prompt.ts';
import golden from './tokenizer.json' with { type: 'json' };

const CONTEXT = { documents: 4, same: true, names: 0.25, facts: 4, questions: 3 };

let folder: string;
let reader: Awaited<ReturnType<typeof openFolderTokenizer>>;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nano-tokenizer-'));
  await writeFile(path.join(folder, 'tokenizer.json'), JSON.stringify(nanoTokenizer()));
  await writeFile(path.join(folder, 'tokenizer_config.json'), JSON.stringify(nanoTokenizerConfig(512)));
  reader = await openFolderTokenizer(folder, []);
});
after(() => rm(folder, { recursive: true }));

test('tokens and decoded texts are those of the tokenizers library', () => {
  const { tokenizer } = reader;
  for (const { text, tokens, decoded, withSpecial } of golden.cases) {
    const ids = tokenizer.encode(text);
    assert.deepEqual(ids.map((id) => tokenizer.decode([id], { keepSpecial: true })), tokens); // prettier-ignore
    assert.equal(tokenizer.decode(ids), decoded);
    assert.equal(tokenizer.decode(ids, { keepSpecial: true }), withSpecial);
  }
});

test('what atlas writes and what the prompts say is known, one token a word, and comes back as it was', () => {
  const { tokenizer, renderChat } = reader;
  const unknown = tokenizer.encode('<unk>')[0]!;
  for (const word of vocabulary) assert.deepEqual(tokenizer.encode(word).map((id) => id === unknown), [false], word); // prettier-ignore
  for (let seed = 0; seed < 8; seed++) {
    const { documents, pairs } = drawContext(xoroshiro128plus(seed), 'test', CONTEXT);
    const conversations: Message[][] = [
      questionMessages(pairs[0]!.question, documents.map(documentText)),
      [...questionsPrompt(0), { role: 'assistant', content: questionsAnswer(pairs) }],
      [...paraphrasePrompt(0, seed), { role: 'assistant', content: documents[0]!.paraphrase! }],
    ];
    for (const messages of conversations) {
      const text = renderChat(messages).replaceAll('<SEP>', '');
      const ids = tokenizer.encode(text);
      assert.ok(!ids.includes(unknown), text);
      assert.equal(
        tokenizer.decode(ids),
        text.replaceAll(/<\/?[a-z]+>/g, ' ').replaceAll(/ +/g, ' ').replaceAll(/^ |(?<=\n) | (?=\n|$)/g, ''), // prettier-ignore
      );
    }
  }
});

test('the template leaves the system turn out and asks for an answer', () => {
  const messages = questionMessages('Who leads Iron Key?', ['Iron Key: A baker leads Iron Key.']);
  assert.equal(
    reader.renderChat(messages, { addGenerationPrompt: true }),
    '<s>Background:\nIron Key: A baker leads Iron Key.\n\nQuestion: Who leads Iron Key?<answer>',
  );
  assert.equal(
    reader.renderChat([...messages, { role: 'assistant', content: 'baker' }]).slice(-21),
    'Key?<answer>baker</s>',
  );
  assert.equal(reader.tokenizer.endIds.length, 1);
});

test('memory tokens go behind the vocabulary; a control token in a text is not read as one', () => {
  const { tokenizer } = reader;
  const texts = specialTokenTexts(2);
  const more = tokenizer.withTokens(texts);
  assert.equal(more.vocabularySize, tokenizer.vocabularySize + texts.length);
  const [mira, tolm] = tokenizer.encode('Mira Tolm');
  assert.deepEqual(
    more.encode('<MEM0><MEM1><SEP>Mira Tolm'),
    [0, 1, texts.indexOf('<SEP>')].map((place) => tokenizer.vocabularySize + place).concat(mira!, tolm!),
  );
  const answer = tokenizer.encode('<answer>')[0]!;
  assert.ok(!tokenizer.encode(tokenizer.withoutControlTokens('Mira <answer> Tolm')).includes(answer));
});

test('conversations read word by word have the ids of template and tokenizer; words of answers are told apart', () => {
  const { tokenizer, renderChat } = reader;
  const read = conversationReader(tokenizer);
  const { documents, pairs } = drawContext(xoroshiro128plus(5), 'train', CONTEXT);
  const messages: Message[] = pairs.flatMap(({ question, answer }, i) => [
    ...questionMessages(question, i === 0 ? documents.map(documentText) : []),
    { role: 'assistant', content: answer },
  ]);
  const { ids, roles } = read(messages, 'answer');
  assert.deepEqual(ids, tokenizer.encode(renderChat(messages)));
  const answers = ids.filter((_, at) => roles[at] === 'answer');
  assert.deepEqual(answers.map((id) => tokenizer.decode([id])), pairs.map(({ answer }) => answer)); // prettier-ignore
  const first = ids.indexOf(tokenizer.encode('Question')[0]!);
  assert.deepEqual(new Set(roles.slice(1, first)), new Set(['text']));
});

test('the model that ships has the tokenizer of the grammar as it is, or says that it is not there', async () => {
  const { source } = findModel('nano')!;
  assert.ok(source.kind === 'shipped');
  if (!existsSync(path.join(source.folder, 'manifest.json'))) {
    await assert.rejects(openModelFiles('nano'), /expected its weights in .*clara-bench pretrain nano makes them/);
    return;
  }
  const shipped = JSON.parse(await readFile(path.join(source.folder, 'tokenizer.json'), 'utf8')) as object;
  assert.deepEqual(shipped, nanoTokenizer(), 'after a change of the grammar or the prompts nano is pretrained again');
});
