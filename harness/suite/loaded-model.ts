import { InputError } from '../errors.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import type { RunManifest } from '../store/run-manifest.ts';

/** The model of the jobs at hand, loaded once for all jobs of it. */
export class LoadedModel {
  #model: LanguageModel | undefined;

  /** @throws InputError where `wanted` is null, saying that `who` needs one, or where the model is not what it was when the plan was made. */
  async get(wanted: RunManifest['model'], who: string): Promise<LanguageModel> {
    if (!wanted) throw new InputError(`${who} needs a model; name one (models of a suite, --model of predict)`);
    if (this.#model?.hash === wanted.hash) return this.#model;
    this.dispose();
    // Brings the engine in: about a second and half a gigabyte that a system without a model does not need.
    const { loadLanguageModel } = await import('../language-model/load-language-model.ts');
    const model = await loadLanguageModel(wanted.id);
    if (model.hash !== wanted.hash) {
      throw new InputError(`model ${wanted.id}: its files have changed since the plan was made; run again`);
    }
    this.#model = model;
    return model;
  }

  /** The engine and its device, `2.21.0 cpu`; null where no model was loaded. */
  async engine(): Promise<string | null> {
    if (!this.#model) return null;
    const { engineVersion } = await import('../engine/engine-version.ts');
    const { tensorflow, device } = engineVersion();
    return `${tensorflow} ${device}`;
  }

  dispose(): void {
    this.#model?.dispose();
    this.#model = undefined;
  }
}
