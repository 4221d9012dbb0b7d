import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import { ServiceError } from '../base/errors.ts';

const LIMIT_BYTES = 100 * 1024;
// The documented bodies have three levels. The remaining levels allow for unknown fields.
const LIMIT_DEPTH = 10;

/** The decompressors, by value of Content-Encoding. */
const DECODERS = new Map<string, () => Transform>([
  ['gzip', zlib.createGunzip],
  ['deflate', zlib.createInflate],
  ['br', zlib.createBrotliDecompress],
  ['zstd', zlib.createZstdDecompress],
]);

const invalid = (message: string) => new ServiceError('invalid_request', message);
const tooLarge = () => new ServiceError('payload_too_large', 'The body exceeds 100 kB.');

/**
 * Parses a JSON body of up to 100 kB, before and after decompression, and up to 10 levels of nesting. Fails with 413
 * `payload_too_large`, 400 `body_too_deep` or 400 `invalid_request`. Unlike Express's parser, it fails as soon as the
 * limit is exceeded, instead of at the end of the body, and rejects bytes that are not UTF-8 (RFC 8259, section 8.1)
 * instead of replacing them. A client that waits for 100-continue gets it only when the body is read.
 */
export const jsonBody: RequestHandler = async (request, response, next) => {
  // Without a body, the schema of the endpoint decides.
  if (!request.is('application/json')) return next();
  request.body = parse(await read(request, response));
  if (!isDeeperThan(LIMIT_DEPTH, request.body)) return next();
  throw new ServiceError('body_too_deep', `The body is nested more than ${LIMIT_DEPTH} levels deep.`);
};

/** Reads a body. If it fails, the rest stays unread, and the server closes the connection. */
async function read(request: Request, response: Response): Promise<Buffer> {
  const { 'content-length': length, 'content-encoding': encoding = 'identity', expect } = request.headers;
  const createDecoder = DECODERS.get(encoding.toLowerCase());
  if (!createDecoder && encoding.toLowerCase() !== 'identity') throw invalid('The Content-Encoding is not supported.');
  const [, charset = 'utf-8'] = /; *charset="?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '') ?? [];
  if (!/^utf-?8$/i.test(charset)) throw invalid('The charset is not supported: use UTF-8.');
  if (Number(length) > LIMIT_BYTES) throw tooLarge();
  if (expect !== undefined && request.httpVersion === '1.1') response.writeContinue();

  const decoder = createDecoder?.();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const chunks: Buffer[] = [];
  const received = bounded(reject);
  const decoded = bounded(reject);
  const keep = (chunk: Buffer) => decoded(chunk) && chunks.push(chunk);
  const fail = () => reject(invalid('The body is incomplete, or not compressed as its Content-Encoding says.'));
  request.on('data', decoder ? received : keep).once('error', fail);
  if (decoder) request.pipe(decoder).on('data', keep).once('error', fail).once('end', resolve);
  else request.once('end', resolve);
  try {
    await promise;
    return Buffer.concat(chunks);
  } finally {
    request.off('data', received).off('data', keep);
    if (decoder) request.unpipe(decoder);
    decoder?.destroy();
  }
}

/** Returns a function that counts the bytes of chunks. It returns whether they are within the limit. */
function bounded(refuse: (error: ServiceError) => void): (chunk: Buffer) => boolean {
  let bytes = 0;
  return ({ length }) => {
    bytes += length;
    if (bytes > LIMIT_BYTES) refuse(tooLarge());
    return bytes <= LIMIT_BYTES;
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw invalid(error instanceof SyntaxError ? 'The body is not JSON.' : 'The body is not UTF-8.');
  }
}

// Iterate, because recursion could overflow the stack.
function isDeeperThan(levels: number, body: unknown): boolean {
  let level = [body].filter(isContainer);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= levels) return true;
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
