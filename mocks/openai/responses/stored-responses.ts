import { LRUCache } from 'lru-cache';
import type { ResponseObject } from './response-object.ts';

const MOST = 1000;

/** The last 1,000 responses of each fake, by organization and ID. */
export class StoredResponses {
  readonly #responses = new LRUCache<string, ResponseObject>({ max: MOST });

  add(organisation: string, response: ResponseObject): void {
    this.#responses.set(`${organisation} ${response.id}`, response);
  }

  get(organisation: string, id: string): ResponseObject | undefined {
    return this.#responses.get(`${organisation} ${id}`);
  }

  /** Deletes a response. Returns whether it existed. */
  delete(organisation: string, id: string): boolean {
    return this.#responses.delete(`${organisation} ${id}`);
  }

  clear(): void {
    this.#responses.clear();
  }
}
