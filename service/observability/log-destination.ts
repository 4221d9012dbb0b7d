import type { DestinationStream } from 'pino';
import { nonBlockingOutput, type WriteChunk } from './non-blocking-output.ts';

/** Maximum number of buffered characters. Further lines are dropped and counted. */
const WAITING_MAX = 1_048_576;
const CHUNK_MAX = 65_536;
/** How long to wait before the next write to a blocked terminal, in milliseconds. */
const FULL_RETRY_MS = 100;
const NEWLINE = 10;

/**
 * Writes log lines to standard output. Writing never blocks or throws: lines are buffered up to a limit, and lines that
 * can't be written or buffered are counted in `lost`. Writing is retried with each new chunk, so logging resumes when
 * the disk has space or the reader continues. {@link onRecovery} is then called with the number of lost lines.
 */
export class LogDestination implements DestinationStream {
  readonly #write: WriteChunk;
  #waiting: string[] = [];
  #waitingLength = 0;
  #isWriting = false;
  #isMidLine = false;
  #lost = 0;
  #reported = 0;
  #flushed: (() => void)[] = [];
  onRecovery: (lines: number) => void = () => {};

  constructor(write: WriteChunk = nonBlockingOutput()) {
    this.#write = write;
  }

  /** Number of lines lost so far. */
  get lost(): number {
    return this.#lost;
  }

  write(line: string): void {
    if (this.#waitingLength + line.length > WAITING_MAX) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    if (!this.#isWriting) this.#writeNext();
  }

  /** Resolves when everything has been written or lost, or after `limitMs` at the latest. */
  async flush(limitMs: number): Promise<void> {
    if (!this.#isWriting) return;
    const done = Promise.withResolvers<void>();
    this.#flushed.push(done.resolve);
    const limit = setTimeout(done.resolve, limitMs);
    await done.promise;
    clearTimeout(limit);
  }

  #writeNext(): void {
    const lines = this.#take();
    this.#isWriting = lines.length > 0;
    if (!this.#isWriting) {
      for (const resolve of this.#flushed.splice(0)) resolve();
      return;
    }
    // End a partially written line, so that it does not corrupt the next one.
    const text = `${this.#isMidLine ? '\n' : ''}${lines.join('')}`;
    this.#writeAll(Buffer.from(text), (complete) => {
      if (!complete) this.#lost += lines.length;
      else this.#tellOfLost();
      this.#writeNext();
    });
  }

  #take(): string[] {
    let length = 0;
    const end = this.#waiting.findIndex((line) => {
      length += line.length;
      return length > CHUNK_MAX;
    });
    const lines = this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end));
    this.#waitingLength -= lines.reduce((sum, line) => sum + line.length, 0);
    return lines;
  }

  #writeAll(chunk: Buffer, done: (complete: boolean) => void): void {
    this.#write(chunk, (error, written = chunk.length) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(() => this.#writeAll(chunk, done), FULL_RETRY_MS).unref();
      } else if (error) {
        done(false);
      } else {
        this.#isMidLine = chunk[written - 1] !== NEWLINE;
        if (written < chunk.length) this.#writeAll(chunk.subarray(written), done);
        else done(true);
      }
    });
  }

  #tellOfLost(): void {
    const missing = this.#lost - this.#reported;
    if (missing === 0 || this.#waiting.length > 0) return;
    this.#reported = this.#lost;
    this.onRecovery(missing);
  }
}
