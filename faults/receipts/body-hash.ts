import { createHash } from 'node:crypto';
import type { RequestReceipt } from './receipt.ts';

/** Maximum number of bytes of a body whose hash is noted. A longer one is a fault's flood. */
const MOST = 1_048_576;

/** The hash of a body that is sent in pieces. It says whether a caller gets the same body from the service. */
export class BodyHash {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes <= MOST) this.#hash.update(chunk);
  }

  /** Notes it in the receipt, unless the body is too long. */
  note(receipt: RequestReceipt): void {
    if (this.#bytes <= MOST) receipt.body = this.#hash.digest('hex').slice(0, 12);
  }
}
