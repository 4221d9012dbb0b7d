import { randomBytes } from 'node:crypto';
import { GoError } from '../base/errors.ts';
import { goFormat } from '../base/go-format.ts';
import { goType } from '../base/go-type.ts';
import { bytesOf, toBytes } from '../base/to-bytes.ts';
import { encodeQuery } from '../net/go-escape.ts';
import { FilePart } from './file-part.ts';

/** An encoded body and the Content-Type that it implies. */
export interface RequestBody {
  readonly bytes: Uint8Array | null;
  readonly contentType: string | undefined;
}

/**
 * Encodes a script's body argument: a string, bytes, or an object. An object is sent as a form with sorted names, as Go
 * encodes it (golden record 38).
 *
 * @throws GoError for any other type
 */
export function readBody(given: unknown): RequestBody {
  if (given === undefined || given === null) return { bytes: null, contentType: undefined };
  const bytes = bytesOf(given);
  if (bytes) return { bytes, contentType: undefined };
  const isRefused =
    typeof given !== 'object' || Array.isArray(given) || given instanceof Date || ArrayBuffer.isView(given);
  if (isRefused) throw new GoError(`unknown request body type ${goType(given)}`);
  if (Object.values(given).some((value) => value instanceof FilePart)) return encodeMultipart(given);
  return { bytes: Buffer.from(encodeForm(given)), contentType: 'application/x-www-form-urlencoded' };
}

const encodeForm = (fields: object): string =>
  encodeQuery(
    Object.entries(fields).flatMap(([name, value]): [string, string][] =>
      (Array.isArray(value) ? value : [value]).map((item) => [name, goFormat(item)]),
    ),
  );

/** Encodes a form with files as described in RFC 7578, laid out as in Go. */
function encodeMultipart(fields: object): RequestBody {
  const boundary = randomBytes(30).toString('hex');
  const parts = Object.entries(fields).flatMap(([name, value]) => {
    const isFile = value instanceof FilePart;
    const disposition = `form-data; name="${quoted(name)}"${isFile ? `; filename="${quoted(value.filename)}"` : ''}`;
    const type = isFile ? `\r\nContent-Type: ${value.content_type}` : '';
    return [
      Buffer.from(`--${boundary}\r\nContent-Disposition: ${disposition}${type}\r\n\r\n`),
      isFile ? toBytes(value.data) : Buffer.from(goFormat(value)),
      Buffer.from('\r\n'),
    ];
  });
  return {
    bytes: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

const quoted = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
