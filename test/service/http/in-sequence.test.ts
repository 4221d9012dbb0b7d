import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { expect, test } from 'vitest';
import { answering, inSequence } from '../../../service/http/in-sequence.ts';

const failure = new Error('no');

/** Runs a handler, and tells what was given to its `next`, once it was asked. */
function run(handler: RequestHandler): Promise<unknown> {
  return new Promise((resolve) => handler({} as Request, {} as Response, resolve as NextFunction));
}

test('each handler is asked once the one before has called next', async () => {
  const asked: string[] = [];
  const late: RequestHandler = (_request, _response, next) => {
    asked.push('first');
    setImmediate(next);
  };
  const second: RequestHandler = (_request, _response, next) => {
    asked.push('second');
    next();
  };
  expect(await run(inSequence([late, second]))).toBeUndefined();
  expect(asked).toEqual(['first', 'second']);
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
  let asked = false;
  const after: RequestHandler = () => {
    asked = true;
  };
  expect(await run(inSequence([failing, after]))).toBe(failure);
  expect(asked).toBe(false);
});

test('a rejection without a reason is an error, too', async () => {
  expect(await run(inSequence([() => Promise.reject()]))).toBeInstanceOf(Error);
});

test('an error is answered on the spot, and nobody else hears of it', async () => {
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

test('an answer that fails is tried once, and left to what comes after', async () => {
  let tried = 0;
  const answer = () => {
    tried += 1;
    throw failure;
  };
  const passing: RequestHandler = async (_request, _response, next) => next();
  expect(await run(answering(answer, [passing, () => Promise.reject(new Error('first'))]))).toBe(failure);
  expect(tried).toBe(1);
});

test('without an error, what comes after is asked', async () => {
  const answer = () => {
    throw new Error('nothing is to be answered');
  };
  expect(await run(answering(answer, []))).toBeUndefined();
});
