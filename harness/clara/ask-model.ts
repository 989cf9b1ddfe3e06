import { MachineError } from '../errors.ts';
import type { OpenClara } from './answered-question.ts';

/**
 * Opens a checkpoint with its backbone.
 *
 * @param checkpoint folder with clara.json and weights.safetensors
 * @param model id, folder or .gguf file of the backbone; that of clara.json by default
 * @throws InputError where the folder is no checkpoint, or of another model
 */
export function openClara(checkpoint: string, model?: string): Promise<OpenClara> {
  throw new MachineError(
    `${checkpoint}: answering with a checkpoint${model ? ` of ${model}` : ''} is not built in yet`,
  );
}
