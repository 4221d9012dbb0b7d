import { randomBytes } from 'node:crypto';

/** A file in a form, created by `http.file()`. */
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
 * `http.file()`: a file to send as a part of a form.
 *
 * @param data Text or bytes.
 * @param filename A random name by default.
 * @param contentType `application/octet-stream` by default.
 */
export const file = (data: unknown, filename?: unknown, contentType?: unknown): FilePart =>
  new FilePart(
    data,
    filename === undefined ? randomBytes(8).toString('hex') : String(filename),
    contentType === undefined ? 'application/octet-stream' : String(contentType),
  );
