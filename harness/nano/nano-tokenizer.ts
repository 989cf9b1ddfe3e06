import { vocabulary } from '../../datasets/atlas/vocabulary.ts';
import { words } from '../../datasets/atlas/words.ts';
import { paraphrasePrompt, questionsAnswer, questionsPrompt } from '../clara/pretraining-prompts.ts';
import { questionMessages } from '../prompt.ts';

/** Control tokens of nano, with their ids. */
export const NANO_TOKENS = { unknown: '<unk>', begin: '<s>', end: '</s>', pad: '<pad>', answer: '<answer>' } as const;

/** Ways to ask for a paraphrase; more numbers repeat them. */
const PARAPHRASES = 16;

/** Marks before which English has no space. */
const CLOSING = ['.', ',', '?', '!', ':', ';', "'s"];

/** The words that this project's prompts put around atlas's texts. */
function promptWords(): string[] {
  const conversations = [
    questionMessages('', ['']),
    questionsPrompt(0),
    ...Array.from({ length: PARAPHRASES }, (_, draw) => paraphrasePrompt(0, draw)),
  ];
  const users = conversations.flat().filter(({ role }) => role === 'user');
  return words(
    [...users.map(({ content }) => content), questionsAnswer([{ question: '', answer: '' }])].join('\n').replaceAll(/<[^>]*>/g, ' '), // prettier-ignore
  );
}

/**
 * The contents of nano's tokenizer.json: one token a word, mark or line feed, in the vocabulary of atlas and of this project's prompts; every other word is `<unk>`. Spaces only separate, so that
 * a name is the same token wherever it stands; decoding writes one where English has it. WordPiece without pieces, since Hugging Face's JavaScript library knows no WordLevel.
 */
export function nanoTokenizer(): Record<string, unknown> {
  const control = Object.values(NANO_TOKENS);
  const tokens = [...control, ...new Set(['\n', ...CLOSING, ...promptWords(), ...vocabulary])];
  const split = (pattern: string, behavior: string): object => ({ type: 'Split', pattern: { Regex: pattern }, behavior, invert: false }); // prettier-ignore
  const replace = (pattern: string, content: string): object => ({ type: 'Replace', pattern: { String: pattern }, content }); // prettier-ignore
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: control.map((content, id) => ({
      ...{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
    })),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [split(' +', 'Removed'), split(String.raw`'s|[^A-Za-z]`, 'Isolated')],
    },
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'WordPiece', prefix: PIECE, cleanup: false },
        { type: 'Fuse' },
        ...CLOSING.map((mark) => replace(` ${mark}`, mark)),
        replace(' \n', '\n'),
        replace('\n ', '\n'),
      ],
    },
    model: {
      type: 'WordPiece',
      unk_token: NANO_TOKENS.unknown,
      continuing_subword_prefix: PIECE,
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    },
  };
}

/** What would stand before a piece inside a word; no token begins with it. */
const PIECE = '##';

/** The chat template: `<s>{question}<answer>{answer}</s>`, further turns behind. What a system turn says, nano has no words for. */
const TEMPLATE =
  "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ message['content'] }}" +
  "{% elif message['role'] == 'assistant' %}<answer>{{ message['content'] }}{{ eos_token }}{% endif %}{% endfor %}" +
  '{% if add_generation_prompt %}<answer>{% endif %}';

/** The contents of nano's tokenizer_config.json. */
export function nanoTokenizerConfig(contextLength: number): Record<string, unknown> {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: NANO_TOKENS.begin,
    eos_token: NANO_TOKENS.end,
    pad_token: NANO_TOKENS.pad,
    unk_token: NANO_TOKENS.unknown,
    model_max_length: contextLength,
    clean_up_tokenization_spaces: false,
    chat_template: TEMPLATE,
    omit_system_turn: true,
  };
}
