import { createWriteStream, type WriteStream } from 'node:fs';
import { visible } from '../../base/controls.ts';
import { printError } from '../../base/print.ts';
import { secrets } from '../../base/secrets.ts';
import { notWritten } from '../../base/written.ts';

/** The file with a service's log, without secrets, in which control characters are visible. Lines are added to the end of an existing file. */
export class ServiceLog {
  readonly #file: WriteStream;

  constructor(path: string) {
    this.#file = createWriteStream(path, { flags: 'a' });
    // The lines have been read anyway, so the run continues.
    this.#file.once('error', (error) => printError(notWritten(path, error).message));
  }

  /** Adds a line. Returns it without secrets. */
  write(line: string): string {
    const redacted = secrets.redact(line);
    this.#file.write(`${visible(redacted)}\n`);
    return redacted;
  }

  end(): void {
    this.#file.end();
  }
}
