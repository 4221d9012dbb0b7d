import type { Said } from '../../llm/question.ts';
import type { ResponseObject } from './response-object.ts';

const MOST = 1000;

/** A response, and what was said until its end, which only conversations need. */
export interface Stored {
  readonly response: ResponseObject;
  readonly said: readonly Said[];
}

/** The 1,000 responses of each fake that were used last, by organization and ID. */
export class StoredResponses {
  /** The response that was used last comes last. */
  readonly #responses = new Map<string, Stored>();

  add(organisation: string, entry: Stored): void {
    this.#use(`${organisation} ${entry.response.id}`, entry);
    const [oldest] = this.#responses.keys();
    if (this.#responses.size > MOST && oldest !== undefined) this.#responses.delete(oldest);
  }

  get(organisation: string, id: string): Stored | undefined {
    const key = `${organisation} ${id}`;
    const entry = this.#responses.get(key);
    if (entry) this.#use(key, entry);
    return entry;
  }

  /** Deletes a response. Returns whether it existed. */
  delete(organisation: string, id: string): boolean {
    return this.#responses.delete(`${organisation} ${id}`);
  }

  clear(): void {
    this.#responses.clear();
  }

  #use(key: string, entry: Stored): void {
    this.#responses.delete(key);
    this.#responses.set(key, entry);
  }
}
