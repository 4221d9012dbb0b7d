import { Readable } from 'node:stream';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { ServiceError } from '../base/errors.ts';

const LIMIT_BYTES = 100 * 1024;
// The documented bodies have three levels. The remaining levels allow for unknown fields.
const LIMIT_DEPTH = 10;

const parse = express.json({ limit: LIMIT_BYTES });

// The parser loads its decoders from files with the first body. If the service has no file descriptors left by then,
// clients would get 400 for valid bodies.
const first = Object.assign(Readable.from([Buffer.from('{}')]), {
  headers: { 'content-type': 'application/json', 'content-length': '2' },
});
parse(first as unknown as Request, {} as Response, () => {});

/**
 * Parses a JSON body of up to 100 kB after decompression and up to 10 levels of nesting. Fails with 413
 * `payload_too_large`, 400 `body_too_deep` or 400 `invalid_request`.
 */
export const jsonBody: RequestHandler[] = [
  parse,
  ({ body }, _response, next) => {
    if (!isDeeperThan(LIMIT_DEPTH, body)) return next();
    next(new ServiceError('body_too_deep', `The body is nested more than ${LIMIT_DEPTH} levels deep.`));
  },
];

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
