import express, { type RequestHandler } from 'express';
import { ServiceError } from '../base/errors.ts';

const LIMIT_BYTES = 100 * 1024;
// The documented bodies are three deep; the rest is room for fields that are not read.
const LIMIT_DEPTH = 10;

/**
 * Reads a JSON body of at most 100 kB, inflated, and at most 10 levels of objects and arrays.
 * Fails with 413 `payload_too_large`, 400 `body_too_deep` or 400 `invalid_request`.
 */
export const jsonBody: RequestHandler[] = [
  express.json({ limit: LIMIT_BYTES }),
  ({ body }, _response, next) => {
    if (!isDeeperThan(LIMIT_DEPTH, body)) return next();
    next(new ServiceError('body_too_deep', `The body is nested more than ${LIMIT_DEPTH} levels deep.`));
  },
];

// Level by level: recursion would end where the stack does, which is what the limit is to keep from.
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
