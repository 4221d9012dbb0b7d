import { GoError } from '../base/errors.ts';
import { goText } from '../base/go-format.ts';
import { goTypeOf } from '../base/go-type.ts';

/** A file in a multipart form, created by `http.file()`. */
export class FilePart {
  readonly data: string | ArrayBuffer;
  readonly filename: string;
  readonly content_type: string;

  constructor(data: unknown, filename: unknown, contentType: unknown) {
    if (typeof data !== 'string' && !(data instanceof ArrayBuffer))
      throw new GoError(`invalid type ${goTypeOf(data)}, expected string or ArrayBuffer`);
    this.data = data;
    this.filename = goText(filename);
    this.content_type = goText(contentType);
  }
}

/**
 * Implements `http.file()`, which creates a file to send as part of a form.
 *
 * @param args The data (a string or an ArrayBuffer), the name (by default the time in nanoseconds), and the content
 * type (by default `application/octet-stream`).
 * @throws GoError for other data
 */
export function file(...args: unknown[]): FilePart {
  const name = args.length > 1 ? args[1] : `${Date.now()}${String(process.hrtime.bigint()).slice(-6)}`;
  return new FilePart(args[0], name, args.length > 2 ? args[2] : 'application/octet-stream');
}
