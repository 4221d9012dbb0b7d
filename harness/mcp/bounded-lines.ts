import { Transform, type TransformCallback } from 'node:stream';

/** The most bytes of a line. The longest calls have a few kilobytes. */
export const MOST_BYTES = 1_048_576;

/** How many bytes of each end of a longer line are kept, to find its id. */
const END_BYTES = 4_096;

const ID = String.raw`"id"\s*:\s*("(?:[^"\\]|\\.){1,200}"|-?\d{1,15})\s*`;
const ID_AT_END = new RegExp(`${ID}\\}\\s*$`);
const ID_AT_START = new RegExp(String.raw`^\s*\{(?:\s*"\w+"\s*:\s*"[^"\\]*"\s*,)*\s*${ID},`);

const NEWLINE = 0x0a;

/** Codes of JSON-RPC. */
const [PARSE_ERROR, INVALID_REQUEST] = [-32_700, -32_600];

/**
 * Passes on lines of JSON whole, and answers all others with an error of JSON-RPC: lines that are too long, of which
 * only the ends are kept in memory, and lines that are not JSON. Without it, they would end the server or get no answer.
 */
export class BoundedLines extends Transform {
  readonly #answer: (line: string) => void;
  #parts: Buffer[] = [];
  #bytes = 0;

  /** @param answer Is called with each error, as a line for the client. */
  constructor(answer: (line: string) => void) {
    super();
    this.#answer = answer;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      this.#add(chunk.subarray(from, end));
      this.#endLine();
      from = end + 1;
    }
    this.#add(chunk.subarray(from));
    done();
  }

  #add(part: Buffer): void {
    this.#bytes += part.length;
    this.#parts.push(part);
    if (this.#bytes <= MOST_BYTES) return;
    const kept = Buffer.concat(this.#parts);
    // A copy, so that the memory of the rest is freed.
    this.#parts = [
      Buffer.from(kept.subarray(0, END_BYTES)),
      Buffer.from(kept.subarray(Math.max(END_BYTES, kept.length - END_BYTES))),
    ];
  }

  #endLine(): void {
    const line = Buffer.concat(this.#parts).toString('utf8');
    const bytes = this.#bytes;
    this.#parts = [];
    this.#bytes = 0;
    if (bytes > MOST_BYTES) {
      const message = `the message has ${bytes} bytes; allowed: ${MOST_BYTES}`;
      this.#refuse(idIn(line), INVALID_REQUEST, message);
    } else if (isJson(line)) this.push(`${line}\n`);
    else if (line.trim() !== '') this.#refuse(null, PARSE_ERROR, 'the message is not JSON');
  }

  #refuse(id: unknown, code: number, message: string): void {
    this.#answer(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })}\n`);
  }
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Returns the id of a message of which only the ends are known, or null if it is not at one of them. */
function idIn(ends: string): unknown {
  const [, found = 'null'] = ID_AT_START.exec(ends) ?? ID_AT_END.exec(ends) ?? [];
  return isJson(found) ? JSON.parse(found) : null;
}
