import type { Example } from '../../datasets/example.ts';
import { documentText } from '../prompt.ts';
import { Progress } from '../progress.ts';
import type { OwnedCompressionModel } from './create-compression-model.ts';
import { compressDocuments, compressorHash, documentHash, TextCompressor } from './document-compressor.ts';
import type { DocumentVectors } from './document-vectors.ts';
import { compressionDocument } from './stages/compression-document.ts';
import { VectorStore } from './vector-store.ts';

/** The vectors of documents under one compressor: computed where they are first asked for, and kept in a folder that several jobs share. */
export class CandidateVectors {
  readonly #model: OwnedCompressionModel;
  readonly #store: VectorStore;

  private constructor(model: OwnedCompressionModel, store: VectorStore) {
    this.#model = model;
    this.#store = store;
  }

  /** @param backbone hash of the backbone */
  static async open(model: OwnedCompressionModel, backbone: string, cache: string): Promise<CandidateVectors> {
    const kind = { compressor: compressorHash(model, backbone), width: model.config.hiddenSize };
    return new CandidateVectors(model, await VectorStore.open(cache, kind));
  }

  /** Compresses the documents that the folder lacks. */
  async ensure(texts: Iterable<string>): Promise<void> {
    const documents = [...new Set(texts)].map((text) => {
      const document = compressionDocument(text, this.#model, this.#model.settings);
      return { ...document, hash: documentHash(document) };
    });
    if (documents.every(({ hash }) => this.#store.has(hash))) return;
    const compressor = new TextCompressor(this.#model, this.#model.encoder);
    let progress: Progress | undefined;
    try {
      await this.#store.ensure(
        documents,
        (missing) => compressDocuments(compressor, missing),
        (done, total) => {
          progress ??= new Progress({ label: 'compress', total, unit: 'documents' });
          progress.update(done);
        },
      );
    } finally {
      progress?.finish();
      compressor.dispose();
    }
  }

  /** The vectors of a text that was ensured. */
  read(text: string): Promise<DocumentVectors> {
    return this.#store.read(documentHash(compressionDocument(text, this.#model, this.#model.settings)));
  }
}

/** Texts of candidates of a question, by their places among its documents. */
export function candidateTexts({ docs }: Example, places: readonly number[]): string[] {
  return places.map((place) => documentText(docs[place]!));
}
