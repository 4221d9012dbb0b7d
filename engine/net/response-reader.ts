import { ChunkedBody } from './chunked-body.ts';
import { NO_HEAD, parseHead, type ResponseHead } from './response-head.ts';

/** Hears of an answer as it comes in. */
export interface Receiver {
  onHead(head: ResponseHead): void;
  /**
   * A part of the body. Its bytes are overwritten by what comes in next: whoever keeps them copies them.
   *
   * @param isLast Whether the end is told of at once, so that there is nothing to keep until then.
   */
  onData(bytes: Buffer, isLast: boolean): void;
  /** @param keepsAlive Whether the connection may serve another request. */
  onEnd(keepsAlive: boolean): void;
  /** What comes in is no answer. */
  onMalformed(message: string): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Go's limit for the head of an answer: bytes. */
const MAX_HEAD = 10 * 2 ** 20;

const NO_BYTES = Buffer.alloc(0);

const BODYLESS = new Set([101, 204, 304]);

/** The head that was read last, on any connection: where the date changes, it does so for hundreds of them at once. */
let latest = { text: '', head: NO_HEAD };

function readHead(text: string): ResponseHead | undefined {
  if (text === latest.text) return latest.head;
  const head = parseHead(text);
  if (head) latest = { text, head };
  return head;
}

/** Reads the answers that come in on one connection (RFC 9112), one at a time, however they are cut. */
export class ResponseReader {
  #receiver: Receiver | null = null;
  #isHead = false;
  #pending: Buffer | null = null;
  #head: ResponseHead | null = null;
  /** Bytes of the body still to come. */
  #left = 0;
  #chunked: ChunkedBody | null = null;
  /** A server's answers often have the same head, the date included: the last one, as bytes and read. */
  #lastBytes = NO_BYTES;
  #lastHead = NO_HEAD;

  /** Makes ready for the answer to a request. */
  begin(method: string, receiver: Receiver): void {
    this.#receiver = receiver;
    this.#isHead = method === 'HEAD';
    this.#head = null;
    this.#pending = null;
  }

  /**
   * Takes bytes in.
   *
   * @returns false where there is no answer that they could belong to.
   */
  push(bytes: Buffer): boolean {
    if (!this.#receiver) return false;
    if (this.#head) return this.#readBody(bytes);
    if (!this.#pending && this.#beginsLikeTheLast(bytes)) {
      return this.#takeHead(this.#lastHead, bytes.subarray(this.#lastBytes.length));
    }
    const all = this.#pending ? Buffer.concat([this.#pending, bytes]) : bytes;
    const end = all.indexOf(HEAD_END);
    if (end < 0) {
      if (all.length > MAX_HEAD) return this.#refuse('the head of the answer is too large');
      this.#pending = Buffer.from(all);
      return true;
    }
    this.#pending = null;
    const head = readHead(all.toString('latin1', 0, end));
    if (!head) return this.#refuse('malformed HTTP response');
    const bodyAt = end + HEAD_END.length;
    [this.#lastBytes, this.#lastHead] = [Buffer.from(all.subarray(0, bodyAt)), head];
    return this.#takeHead(head, all.subarray(bodyAt));
  }

  #takeHead(head: ResponseHead, rest: Buffer): boolean {
    // An interim answer, such as 103, comes before the one that counts.
    if (head.status < 200 && head.status !== 101) return rest.length === 0 || this.push(rest);
    this.#head = head;
    this.#receiver?.onHead(head);
    return this.#beginBody(head, rest);
  }

  /**
   * The other side sends no more.
   *
   * @returns Whether that was the end of an answer.
   */
  finish(): boolean {
    if (this.#head?.framing !== 'close' || !this.#receiver) return false;
    this.#end();
    return true;
  }

  #beginBody(head: ResponseHead, rest: Buffer): boolean {
    if (this.#isBodyless(head) || head.framing === 0) return this.#end(rest.length > 0);
    this.#chunked = head.framing === 'chunked' ? new ChunkedBody() : null;
    this.#left = typeof head.framing === 'number' ? head.framing : Number.POSITIVE_INFINITY;
    return rest.length === 0 || this.#readBody(rest);
  }

  #readBody(bytes: Buffer): boolean {
    if (this.#chunked) return this.#readChunks(this.#chunked, bytes);
    const isLast = bytes.length >= this.#left;
    const part = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
    this.#receiver?.onData(part, isLast);
    this.#left -= part.length;
    return isLast ? this.#end(bytes.length > part.length) : true;
  }

  #readChunks(chunked: ChunkedBody, bytes: Buffer): boolean {
    const state = chunked.push(bytes, (part) => this.#receiver?.onData(part, false));
    if (state === 'malformed') return this.#refuse('malformed chunked encoding');
    return state === 'open' ? true : this.#end(state === 'ended with more');
  }

  /** @param hasMore Whether there came more than the answer, which nobody asked for. */
  #end(hasMore = false): boolean {
    const [receiver, head] = [this.#receiver, this.#head ?? NO_HEAD];
    this.#receiver = null;
    const goesOn = head.keepsAlive && (head.framing !== 'close' || this.#isBodyless(head));
    receiver?.onEnd(goesOn && !hasMore && head.status !== 101);
    return true;
  }

  /** A body that can't be there ends with its head, whatever that says of its end. */
  #isBodyless({ status }: ResponseHead): boolean {
    return this.#isHead || BODYLESS.has(status);
  }

  #refuse(message: string): boolean {
    const receiver = this.#receiver;
    this.#receiver = null;
    receiver?.onMalformed(message);
    return true;
  }

  #beginsLikeTheLast(bytes: Buffer): boolean {
    const { length } = this.#lastBytes;
    return length > 0 && bytes.length >= length && this.#lastBytes.compare(bytes, 0, length) === 0;
  }
}
