import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { TextDecoder } from 'node:util';

/** Number of bytes to read at once. */
const CHUNK = 64 * 1_024;
/**
 * Maximum length of a line, in characters. A longer line is searched in parts, each of which repeats the end of the
 * previous part.
 */
const LONGEST_LINE = 1_000_000;
const REPEATED = 4_096;

/** Maximum share of control characters in a text file. A file with more is binary. */
const BINARY_SHARE = 0.1;
// biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
const NO_TEXT = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g;

/** The properties that identify a file after it was renamed. */
export interface Identity {
  readonly dev: number;
  readonly ino: number;
  /** Distinguishes files with the same inode number, which the system reuses. */
  readonly birthtimeMs: number;
  readonly size: number;
}

export const identityOf = ({ dev, ino, birthtimeMs }: Identity): string => `${dev} ${ino} ${birthtimeMs}`;

/** A file whose lines are read as it grows, also after it was renamed or truncated. */
export class TextFile {
  /** Its latest path. */
  path: string;
  /** Whether it is text. Undefined while it is empty. */
  isText: boolean | undefined;
  /** The number of bytes that were read, and the size of the file. */
  position = 0;
  size = 0;
  readonly #onLine: (line: string) => void;
  #decoder: TextDecoder | undefined;
  #rest = '';

  constructor(path: string, onLine: (line: string) => void) {
    this.path = path;
    this.#onLine = onLine;
  }

  /**
   * Reads new content, up to a number of bytes. Returns the number of bytes that were read.
   *
   * @throws The error of the file system
   */
  async read(mostBytes: number, expected: Identity): Promise<number> {
    // Another file may have replaced this one, such as a pipe, which must not block.
    await using file = await open(this.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = await file.stat();
    if (!found.isFile() || identityOf(found) !== identityOf(expected)) return 0;
    this.size = found.size;
    if (found.size < this.position) this.#begin();
    const [buffer, before] = [Buffer.allocUnsafe(CHUNK), this.position];
    while (this.isText !== false && this.position - before < mostBytes) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, this.position);
      if (bytesRead === 0) break;
      this.#take(buffer.subarray(0, bytesRead));
    }
    return Math.max(0, this.position - before);
  }

  /** Passes the last line to the listener, if it has no line break. */
  end(): void {
    if (this.#rest !== '') this.#onLine(this.#rest);
    this.#rest = '';
  }

  /** Starts again at the beginning, because the file was truncated. */
  #begin(): void {
    this.end();
    this.position = 0;
    this.#decoder = undefined;
  }

  #take(bytes: Buffer): void {
    this.#decoder ??= new TextDecoder(encodingOf(bytes));
    const text = this.#decoder.decode(bytes, { stream: true });
    this.isText ??= (text.match(NO_TEXT)?.length ?? 0) <= text.length * BINARY_SHARE;
    if (!this.isText) return;
    this.position += bytes.length;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
    if (this.#rest.length <= LONGEST_LINE) return;
    this.#onLine(this.#rest);
    this.#rest = this.#rest.slice(-REPEATED);
  }
}

function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
