import { randomBytes } from 'node:crypto';

/** A file in a multipart form, created by `http.file()`. */
export class FilePart {
  readonly data: unknown;
  readonly filename: string;
  readonly content_type: string;

  constructor(
    data: unknown,
    filename: unknown = randomBytes(8).toString('hex'),
    contentType: unknown = 'application/octet-stream',
  ) {
    this.data = data;
    this.filename = String(filename);
    this.content_type = String(contentType);
  }
}

/**
 * Implements `http.file()`, which creates a file to send as part of a form.
 *
 * @param data A string or bytes.
 * @param filename Defaults to a random name.
 * @param contentType Defaults to `application/octet-stream`.
 */
export const file = (...given: ConstructorParameters<typeof FilePart>): FilePart => new FilePart(...given);
