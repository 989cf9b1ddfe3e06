import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError } from '../../../../harness/errors.ts';
import { chatTemplate } from '../../../../harness/language-model/tokenizer/chat-template.ts';
import type { Message } from '../../../../harness/language-model/tokenizer/tokenizer.ts';

const conversation: Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Who?' },
];

test('roles, end tokens and the generation prompt', () => {
  const template =
    "{{ bos_token }}{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";
  const render = chatTemplate(template, { bos_token: '<s>', eos_token: '</s>' }, 'a model');
  assert.equal(render(conversation), '<s><system>Be brief.</s><user>Who?</s>');
  assert.match(render(conversation, { addGenerationPrompt: true }), /<assistant>$/);
});

test('a template that refuses or leaves out the system role gets its text in front of the question', () => {
  const refusing =
    "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}[{{ m.content }}]{% endfor %}";
  const silent = "{% for m in messages %}{% if m.role == 'user' %}[{{ m.content }}]{% endif %}{% endfor %}";
  for (const template of [refusing, silent]) {
    const render = chatTemplate(template, {}, 'a model');
    assert.equal(render(conversation), '[Be brief.\nWho?]');
    assert.equal(render(conversation.slice(1)), '[Who?]');
  }
});

test('text in a message is text, never a template, and the date of today is never asked for', () => {
  const dated =
    "{% if strftime_now is defined %}{{ strftime_now('%Y') }}{% else %}26 Jul 2024{% endif %}: {{ messages[0].content }}";
  const render = chatTemplate(dated, {}, 'a model');
  assert.equal(
    render([{ role: 'user', content: '{{ 7 * 7 }}{% set x = 1 %}' }]),
    '26 Jul 2024: {{ 7 * 7 }}{% set x = 1 %}',
  );
});

test('a missing, a broken and a refusing template are bad input', () => {
  assert.throws(
    () => chatTemplate(undefined, {}, 'a model')(conversation),
    /a model: expected a chat template, got none/,
  );
  assert.throws(() => chatTemplate('{% for %}', {}, 'a model'), /a model: expected a Jinja chat template, got/);
  const render = chatTemplate("{{ raise_exception('roles must alternate') }}", {}, 'a model');
  assert.throws(
    () => render(conversation),
    (error) => error instanceof InputError && /roles must alternate/.test(error.message),
  );
});
