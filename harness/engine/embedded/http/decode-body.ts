import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

/**
 * Takes the content encodings off a body, the last applied first.
 *
 * @param encoding The Content-Encoding header; undefined where there is none. Unknown ones leave the body as it is.
 * @throws Whatever a decoder throws at a body that is not of its encoding.
 */
export function decodeBody(body: Buffer, encoding: string | undefined): Buffer {
  if (!encoding || body.length === 0) return body;
  return encoding
    .split(',')
    .reverse()
    .reduce((bytes, name) => DECODERS[name.trim().toLowerCase()]?.(bytes) ?? bytes, body);
}
