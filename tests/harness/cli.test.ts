import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import yargs from 'yargs';
import { commands } from '../../harness/commands/index.ts';
import { packageRoot } from '../../harness/home.ts';

const program = path.join(packageRoot, 'harness', 'clara-bench.js');

test('the help lists every command, and every command has one with an example', async () => {
  const top = await help([]);
  const names = commands.map(({ command }) => String(command).split(' ')[0]!);
  assert.ok(names.length > 10);
  for (const name of names) {
    assert.match(top, new RegExp(`^  clara-bench ${name}\\b.* {2}\\S`, 'm'));
    assert.match(await help([name]), /^Options:[^]*^Examples:\n {2}\S/m, name);
  }
  for (const name of ['data import', 'data list', 'data verify', 'data show', 'models list', 'models pull']) {
    assert.match(await help(name.split(' ')), /^Options:[^]*^Examples:\n {2}\S/m, name);
  }
});

test('a reader that goes away ends the program without a word', () => {
  // Nobody reads from the beginning on, and the exit code is asked for past the pipe.
  const script = `{ "$0" "$1" data list; echo "code $?" >&2; } | true`;
  const { stderr } = spawnSync('sh', ['-c', script, process.execPath, program], { encoding: 'utf8' });
  assert.equal(stderr, 'code 141\n');
});

function help(words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const parser = yargs().scriptName('clara-bench').exitProcess(false).command(commands);
    void parser.parse([...words, '--help'], {}, (error, _, output) => {
      if (error) reject(error);
      else resolve(output);
    });
  });
}
