import { cachedSha256 } from '../../files/cached-sha256.ts';
import { InputError } from '../../errors.ts';
import type { ModelFiles } from '../model-files.ts';
import { chatTemplate } from '../tokenizer/chat-template.ts';
import { tokenizerFromGguf } from '../tokenizer/tokenizer-from-gguf.ts';
import { openGguf } from '../weights/gguf.ts';
import { configFromGguf } from './config-from-gguf.ts';
import { hashOfFiles } from './hash-of-files.ts';

/**
 * Opens a model that is one GGUF file.
 *
 * @param id What it is called in results.
 * @throws InputError where the file is wrong or not supported.
 */
export async function openGgufModel(id: string, file: string): Promise<ModelFiles> {
  const gguf = await openGguf(file);
  const { weights, metadata } = gguf;
  try {
    const config = await configFromGguf(gguf);
    const tokenizer = tokenizerFromGguf(gguf);
    const template = metadata.get('tokenizer.chat_template');
    if (template !== undefined && typeof template !== 'string') {
      throw new InputError(`${file}: tokenizer.chat_template: expected a text, got ${typeof template}`);
    }
    const text = (tokenId: number | null | undefined) =>
      tokenId === null || tokenId === undefined ? undefined : tokenizer.decode([tokenId], { keepSpecial: true });
    const tokens = { bos_token: text(tokenizer.beginId), eos_token: text(tokenizer.endIds[0]) };
    const renderChat = chatTemplate(template, tokens, file);
    const hash = hashOfFiles([{ name: 'model.gguf', sha256: await cachedSha256(file) }]);
    return { id, hash, config, weights, tokenizer, renderChat };
  } catch (error) {
    await weights.close();
    throw error;
  }
}
