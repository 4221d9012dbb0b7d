import { NO_HEAD, parseHead, type ResponseHead } from './response-head.ts';

/** Receives a response as it arrives. */
export interface Receiver {
  onHead(head: ResponseHead): void;
  /**
   * Receives part of the body. Later data overwrites the buffer, so copy any bytes that you keep.
   *
   * @param isLast Whether the response ends immediately after this part, so that no copy is needed.
   */
  onData(bytes: Buffer, isLast: boolean): void;
  /** @param keepsAlive Whether the connection can handle another request. */
  onEnd(keepsAlive: boolean): void;
  /** Called if the data is not a valid response. */
  onMalformed(message: string): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Go's limit for a response head, in bytes. */
const MAX_HEAD = 10 * 2 ** 20;

const NO_BYTES = Buffer.alloc(0);

const BODYLESS = new Set([101, 204, 304]);

/** The most recent head on any connection. The Date header changes on hundreds of them at once. */
let latest = { text: '', head: NO_HEAD };

function readHead(text: string): ResponseHead | undefined {
  if (text === latest.text) return latest.head;
  const head = parseHead(text);
  if (head) latest = { text, head };
  return head;
}

/** Parses the responses on one connection (RFC 9112), one at a time. The input may be split at any point. */
export class ResponseReader {
  #receiver: Receiver | null = null;
  #isHead = false;
  #pending: Buffer | null = null;
  #head: ResponseHead | null = null;
  /** The number of body bytes that have not arrived yet. */
  #left = 0;
  #chunked: ChunkedBody | null = null;
  /** The most recent head on this connection, as bytes. Consecutive heads are often identical. */
  #lastBytes = NO_BYTES;
  #lastHead = NO_HEAD;

  /** Prepares for the response to the next request. */
  begin(method: string, receiver: Receiver): void {
    this.#receiver = receiver;
    this.#isHead = method === 'HEAD';
    this.#head = null;
    this.#pending = null;
  }

  /**
   * Processes received bytes.
   *
   * @returns false if no response is expected.
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
    // Interim responses, such as 103, precede the final response.
    if (head.status < 200 && head.status !== 101) return rest.length === 0 || this.push(rest);
    this.#head = head;
    this.#receiver?.onHead(head);
    return this.#beginBody(head, rest);
  }

  /**
   * Signals that the peer has finished sending.
   *
   * @returns Whether this completed a response.
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

  /** @param hasMore Whether unexpected bytes follow the response. */
  #end(hasMore = false): boolean {
    const [receiver, head] = [this.#receiver, this.#head ?? NO_HEAD];
    this.#receiver = null;
    const goesOn = head.keepsAlive && (head.framing !== 'close' || this.#isBodyless(head));
    receiver?.onEnd(goesOn && !hasMore && head.status !== 101);
    return true;
  }

  /** Whether a response has no body, regardless of its headers. */
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

/** The state of a body. `ended with more` means that extra bytes follow it. */
type State = 'open' | 'ended' | 'ended with more' | 'malformed';

/** Maximum length in bytes of a trailer line, or of a size line with extensions. */
const MAX_LINE = 16 * 1_024;

/** Decodes a chunked body (RFC 9112, section 7.1). The input may be split at any point. Trailers are ignored. */
class ChunkedBody {
  #expects: 'size' | 'data' | 'data end' | 'trailer' = 'size';
  #left = 0;
  #line = '';

  /** @param onData Receives each part of the body, as a view of `bytes`. */
  push(bytes: Buffer, onData: (part: Buffer) => void): State {
    let at = 0;
    while (at < bytes.length) {
      if (this.#expects === 'data') {
        const part = bytes.subarray(at, at + this.#left);
        onData(part);
        at += part.length;
        this.#left -= part.length;
        if (this.#left === 0) this.#expects = 'data end';
        continue;
      }
      const end = bytes.indexOf(0x0a, at);
      this.#line += bytes.toString('latin1', at, end < 0 ? bytes.length : end + 1);
      if (this.#line.length > MAX_LINE) return 'malformed';
      if (end < 0) return 'open';
      at = end + 1;
      const line = this.#line.trimEnd();
      this.#line = '';
      if (!this.#readLine(line)) return 'malformed';
      if (this.#expects === 'trailer' && line === '') return at < bytes.length ? 'ended with more' : 'ended';
    }
    return 'open';
  }

  #readLine(line: string): boolean {
    if (this.#expects === 'trailer') return true;
    if (this.#expects === 'data end') {
      this.#expects = 'size';
      return line === '';
    }
    const size = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) return false;
    this.#left = Number.parseInt(size, 16);
    this.#expects = this.#left === 0 ? 'trailer' : 'data';
    return true;
  }
}
