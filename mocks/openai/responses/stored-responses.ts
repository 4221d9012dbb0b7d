import type { ResponseObject } from './response-object.ts';

const MOST = 1000;

/** The 1,000 responses of each fake that were used last, by organization and ID. */
export class StoredResponses {
  /** The response that was used last comes last. */
  readonly #responses = new Map<string, ResponseObject>();

  add(organisation: string, response: ResponseObject): void {
    this.#use(`${organisation} ${response.id}`, response);
    const [oldest] = this.#responses.keys();
    if (this.#responses.size > MOST && oldest !== undefined) this.#responses.delete(oldest);
  }

  get(organisation: string, id: string): ResponseObject | undefined {
    const key = `${organisation} ${id}`;
    const response = this.#responses.get(key);
    if (response) this.#use(key, response);
    return response;
  }

  /** Deletes a response. Returns whether it existed. */
  delete(organisation: string, id: string): boolean {
    return this.#responses.delete(`${organisation} ${id}`);
  }

  clear(): void {
    this.#responses.clear();
  }

  #use(key: string, response: ResponseObject): void {
    this.#responses.delete(key);
    this.#responses.set(key, response);
  }
}
