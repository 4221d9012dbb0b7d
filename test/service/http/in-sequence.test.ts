import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { expect, test } from 'vitest';
import { answering, inSequence } from '../../../service/http/in-sequence.ts';

const failure = new Error('no');

/** Runs a handler. Resolves with the argument that it passes to `next`. */
function run(handler: RequestHandler): Promise<unknown> {
  return new Promise((resolve) => handler({} as Request, {} as Response, resolve as NextFunction));
}

test('each handler runs after the previous one calls next', async () => {
  const calls: string[] = [];
  const late: RequestHandler = (_request, _response, next) => {
    calls.push('first');
    setImmediate(next);
  };
  const second: RequestHandler = (_request, _response, next) => {
    calls.push('second');
    next();
  };
  expect(await run(inSequence([late, second]))).toBeUndefined();
  expect(calls).toEqual(['first', 'second']);
});

test.each<[string, RequestHandler]>([
  [
    'thrown',
    () => {
      throw failure;
    },
  ],
  ['rejected', () => Promise.reject(failure)],
  ['given to next', (_request, _response, next) => next(failure)],
])('an error that is %s ends the sequence', async (_how, failing) => {
  let isCalled = false;
  const after: RequestHandler = () => {
    isCalled = true;
  };
  expect(await run(inSequence([failing, after]))).toBe(failure);
  expect(isCalled).toBe(false);
});

test('a rejection without a reason is an error', async () => {
  expect(await run(inSequence([() => Promise.reject()]))).toBeInstanceOf(Error);
});

test('an error is handled immediately, and not passed on', async () => {
  let heard = false;
  const handler = (resolve: (error: unknown) => void) =>
    answering((error) => resolve(error), [(_request, _response, next) => next(failure)]);
  const answered = await new Promise((resolve) =>
    handler(resolve)({} as Request, {} as Response, () => {
      heard = true;
    }),
  );
  expect(answered).toBe(failure);
  expect(heard).toBe(false);
});

test('a failing error handler runs once, and its error is passed on', async () => {
  let tried = 0;
  const answer = () => {
    tried += 1;
    throw failure;
  };
  const passing: RequestHandler = async (_request, _response, next) => next();
  expect(await run(answering(answer, [passing, () => Promise.reject(new Error('first'))]))).toBe(failure);
  expect(tried).toBe(1);
});

test('without an error, the next handler runs', async () => {
  const answer = () => {
    throw new Error('nothing is to be answered');
  };
  expect(await run(answering(answer, []))).toBeUndefined();
});
