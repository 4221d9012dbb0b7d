import { bodyTooLarge } from './body-limit.ts';
import type { Exchange } from './exchange.ts';
import type { NetworkError } from './network-error.ts';

const DECODERS = {
  gzip: 'gunzipSync',
  deflate: 'inflateSync',
  br: 'brotliDecompressSync',
  zstd: 'zstdDecompressSync',
} as const;

/** Go's specific error for data that is not in the given encoding at all, if there is one. */
const HEADERS: Readonly<Record<string, string>> = {
  gzip: 'gzip: invalid header',
  deflate: 'zlib: invalid header',
  zstd: 'invalid input: magic number mismatch',
};

/**
 * Decodes a response body. As in k6, the request fails and has no body if decoding fails.
 *
 * @param maxBody Maximum number of bytes. If a body is larger, the request fails, too.
 */
export function decodeAnswer(
  { body, head, error }: Exchange,
  maxBody: number,
): { body: Buffer | null; error: NetworkError | null } {
  const encoding = head.headers['content-encoding'];
  if (encoding === undefined || body.length === 0 || error) return { body, error };
  let decoded = body;
  const limits = Number.isFinite(maxBody) ? { maxOutputLength: maxBody } : {};
  for (const name of String(encoding).split(',').reverse()) {
    const coding = name.trim();
    try {
      const decoder = Object.hasOwn(DECODERS, coding) && DECODERS[coding as keyof typeof DECODERS];
      if (decoder) decoded = process.getBuiltinModule('node:zlib')[decoder](decoded, limits);
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' && Number.isFinite(maxBody)) {
        return { body: null, error: bodyTooLarge(maxBody, 'the decompressed response body') };
      }
      const reason = reasonOf(coding, decoded, failure as Error);
      // k6 wraps this error twice if the data is not in the encoding at all.
      const message = reason === HEADERS[coding] ? wrap(wrap(reason)) : wrap(reason);
      return { body: null, error: { message, code: 1701, cause: wrap(reason) } };
    }
  }
  return { body: decoded, error: null };
}

const wrap = (reason: string): string => `error decompressing response body (${reason})`;

function reasonOf(coding: string, body: Buffer, { message }: Error): string {
  // The body is shorter than a gzip header.
  if ((coding === 'gzip' && body.length < 10) || /unexpected end of file|truncated/i.test(message))
    return 'unexpected EOF';
  return HEADERS[coding] ?? `${coding === 'br' ? 'brotli' : coding}: ${message}`;
}
