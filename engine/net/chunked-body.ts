/** The state of a body. `ended with more` means that extra bytes follow it. */
type State = 'open' | 'ended' | 'ended with more' | 'malformed';

/** Maximum length in bytes of a trailer line, or of a size line with extensions. */
const MAX_LINE = 16 * 1_024;

/** Decodes a chunked body (RFC 9112, section 7.1). The input may be split at any point. Trailers are ignored. */
export class ChunkedBody {
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
