import { Template } from '@huggingface/jinja';
import { InputError } from '../../errors.ts';
import type { Message } from './tokenizer.ts';

/** What a template may refer to beside the messages. */
export interface ChatTemplateTokens {
  readonly bos_token?: string;
  readonly eos_token?: string;
}

/** Renders a conversation to the text that the model was trained on. */
export type RenderChat = (messages: readonly Message[], options?: { readonly addGenerationPrompt?: boolean }) => string;

/** Makes the library's own clock undefined, as templates that ask for it expect where there is none. */
const NO_DATE = '{% set strftime_now = no_such_variable %}';
/** A system message that no template holds by itself. */
const PROBE = 'Probe for a system role';

/**
 * A renderer for a chat template of Jinja. Templates that put today's date into the prompt fall back to their fixed date, since the same question must give the
 * same prompt on every day. Where a template has no system role (Mistral's), the system text and a newline go in front of the first user message.
 *
 * @param template The template, or undefined where the model has none: rendering is an InputError then.
 * @param options `omitSystemTurn`: the template leaves system turns out on purpose.
 * @throws InputError where it is not a Jinja template; from the renderer, where the template refuses the conversation.
 */
export function chatTemplate(
  template: string | undefined,
  tokens: ChatTemplateTokens,
  where: string,
  { omitSystemTurn = false }: { readonly omitSystemTurn?: boolean } = {},
): RenderChat {
  if (template === undefined) {
    return () => {
      throw new InputError(`${where}: expected a chat template, got none: the model was not tuned for conversations`);
    };
  }
  let parsed: Template;
  try {
    parsed = new Template(template);
    parsed.parsed.body.unshift(...new Template(NO_DATE).parsed.body);
  } catch (error) {
    throw new InputError(`${where}: expected a Jinja chat template, got: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const render: RenderChat = (messages, { addGenerationPrompt = false } = {}) =>
    parsed.render({ ...tokens, messages, add_generation_prompt: addGenerationPrompt });
  const systemRole = omitSystemTurn || rendersSystemRole(render);
  return (messages, options) => {
    try {
      return render(systemRole ? messages : withoutSystemRole(messages), options);
    } catch (error) {
      throw new InputError(`${where}: the chat template refuses the conversation: ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
}

function rendersSystemRole(render: RenderChat): boolean {
  try {
    const messages: Message[] = [
      { role: 'system', content: PROBE },
      { role: 'user', content: 'Hello' },
    ];
    return render(messages, { addGenerationPrompt: true }).includes(PROBE);
  } catch {
    return false;
  }
}

function withoutSystemRole(messages: readonly Message[]): readonly Message[] {
  const [system, next, ...rest] = messages;
  if (system?.role !== 'system') return messages;
  if (next?.role !== 'user') throw new Error('expected a user message after the system message');
  return [{ role: 'user', content: `${system.content}\n${next.content}` }, ...rest];
}
