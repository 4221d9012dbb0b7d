import { randomBytes } from 'node:crypto';

/** A file in a multipart form, created by `http.file()`. */
export class FilePart {
  readonly data: unknown;
  readonly filename: string;
  readonly content_type: string;

  constructor(data: unknown, filename: string, contentType: string) {
    this.data = data;
    this.filename = filename;
    this.content_type = contentType;
  }
}

/**
 * Implements `http.file()`, which creates a file to send as part of a form.
 *
 * @param data A string or bytes.
 * @param filename Defaults to a random name.
 * @param contentType Defaults to `application/octet-stream`.
 */
export const file = (data: unknown, filename?: unknown, contentType?: unknown): FilePart =>
  new FilePart(
    data,
    filename === undefined ? randomBytes(8).toString('hex') : String(filename),
    contentType === undefined ? 'application/octet-stream' : String(contentType),
  );
