import { randomBytes } from 'node:crypto';

/** A file in a form, as `http.file()` makes it. */
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
 * `http.file()`: a file that a request sends as a part of a form.
 *
 * @param data A text or bytes.
 * @param filename A random one by default.
 * @param contentType `application/octet-stream` by default.
 */
export const file = (data: unknown, filename?: unknown, contentType?: unknown): FilePart =>
  new FilePart(
    data,
    filename === undefined ? randomBytes(8).toString('hex') : String(filename),
    contentType === undefined ? 'application/octet-stream' : String(contentType),
  );
