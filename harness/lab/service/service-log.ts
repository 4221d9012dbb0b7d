import { createWriteStream, type WriteStream } from 'node:fs';
import { secrets } from '../../base/secrets.ts';

/** The file with a service's log, without secrets. Lines are added to the end of an existing file. */
export class ServiceLog {
  readonly #file: WriteStream;

  constructor(path: string) {
    this.#file = createWriteStream(path, { flags: 'a' });
  }

  /** Adds a line. Returns it without secrets. */
  write(line: string): string {
    const redacted = secrets.redact(line);
    this.#file.write(`${redacted}\n`);
    return redacted;
  }

  end(): void {
    this.#file.end();
  }
}
