import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Example } from '../../../datasets/example.ts';
import { predictionSchema, type Prediction } from '../../../harness/prediction.ts';
import { tinyModels, writeTinyModel } from '../language-model/write-tiny-model.ts';

const TEMPLATE =
  '{% for message in messages %}<s>{{ message.role }} {{ message.content }}</s>{% endfor %}{% if add_generation_prompt %}<s>assistant {% endif %}';

/** Questions over four boxes, whose colours are in their documents: each has one gold passage, whose place varies. */
export function tinyExamples(name: string, count: number): Example[] {
  return Array.from({ length: count }, (_, at) => {
    const colour = ['red', 'blue', 'green', 'pink'][at % 4]!;
    const gold = { title: `Box ${name}${at}`, text: `It is ${colour}, and it was ${'very '.repeat(at % 3)}heavy.` };
    const docs = [
      { title: 'Boxes', text: 'They have colours.' },
      { title: 'Lids', text: 'A box may have a lid.' },
    ];
    docs.splice(at % 3, 0, gold);
    const question = `Which colour has box ${name}${at}?`;
    return { id: `${name}-${at}`, question, answers: [colour], docs, pos_index: [at % 3] };
  });
}

/** Writes a tiny model with a chat template, questions to train on and to answer, and a suite of the systems given (YAML flow mappings). */
export async function writeTinySuite(
  folder: string,
  systems: readonly string[],
  tiny = tinyModels.qwen3!,
): Promise<string> {
  const model = path.join(folder, 'model');
  await writeTinyModel(model, { ...tiny, config: { ...tiny.config, max_position_embeddings: 512 } });
  await writeFile(path.join(model, 'tokenizer_config.json'), JSON.stringify({ chat_template: TEMPLATE }));
  for (const [name, count] of [
    ['train', 6],
    ['test', 4],
  ] as const) {
    const lines = tinyExamples(name, count).map((example) => `${JSON.stringify(example)}\n`);
    writeFileSync(path.join(folder, `${name}.jsonl`), lines.join(''));
  }
  const file = path.join(folder, 'suite.yaml');
  const listed = systems.map((system) => `  - ${system}\n`).join('');
  writeFileSync(
    file,
    `models: [./model]\nbenchmarks: [{ file: ./test.jsonl }]\ntraining: { file: ./train.jsonl }\nmaxNewTokens: 4\nsystems:\n${listed}`,
  );
  return file;
}

/** Predictions of a run's folder. */
export function readPredictions(lines: string): Prediction[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => predictionSchema.parse(JSON.parse(line)));
}
