import { describe, expect, test } from 'vitest';
import {
  errorIn,
  isUnserved,
  lackOfRefusal,
  meaningOf,
  statusText,
  unserved,
} from '../../../harness/callers/meaning-of.ts';
import type { Meaning } from '../../../harness/contract/schema/meanings.ts';

const LIMITED: Meaning = {
  status: 200,
  means: 429,
  has: 'errors.0.extensions.code',
  equals: ['RATE_LIMITED', 'TOO_BUSY'],
  retryAfter: 'errors.0.extensions.retryAfter',
};
const SERVED: Meaning = { status: 200, means: 200, without: 'errors' };

const answer = (body: unknown, status = 200, headers = {}) => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const meant = (body: unknown, ...meanings: Meaning[]) => meaningOf(meanings, answer(body));
const coded = (code: string, retryAfter?: unknown) => ({
  errors: [{ message: 'no', extensions: { code, retryAfter } }],
});

test('an answer without conditions on its status stands for its own status', () => {
  expect(meaningOf([], answer('', 503))).toEqual({ status: 503 });
  expect(meaningOf([SERVED], answer('', 404))).toEqual({ status: 404 });
  expect(meaningOf([SERVED], answer('', 0))).toEqual({ status: 0 });
});

describe('GraphQL', () => {
  test('data without errors is served', () => {
    expect(meant({ data: { ask: 'x' } }, LIMITED, SERVED)).toEqual({ status: 200 });
    expect(meant({ data: {}, errors: [] }, LIMITED, SERVED)).toEqual({ status: 200 });
    expect(meant({ data: {}, errors: null }, LIMITED, SERVED)).toEqual({ status: 200 });
  });

  test('an error with the code of a refusal stands for its status, with the time to wait', () => {
    const text = '200 with errors.0.extensions.code TOO_BUSY';
    expect(meant(coded('TOO_BUSY', 3), LIMITED, SERVED)).toEqual({ status: 429, text, retryAfter: 3 });
    expect(meant(coded('TOO_BUSY', '2'), LIMITED, SERVED)).toMatchObject({ retryAfter: 2 });
    for (const none of ['soon', null, '', false, -1, [3]]) {
      expect(meant(coded('TOO_BUSY', none), LIMITED, SERVED)).toEqual({ status: 429, text });
    }
  });

  test('any other error is not served, and no promised status', () => {
    const other = meant(coded('INTERNAL'), LIMITED, SERVED);
    expect(other).toEqual({ status: unserved(200), text: '200 with errors (code INTERNAL)' });
    expect(isUnserved(other.status)).toBe(true);
    expect(isUnserved(599)).toBe(false);
  });
});

test('a body that is not JSON is not served under a condition', () => {
  for (const body of ['', '<html>', 'ok', '"ok"', '{"data": {']) {
    expect(meant(body, SERVED)).toEqual({ status: unserved(200), text: '200 whose body is not JSON' });
  }
  expect(meaningOf([SERVED], { status: 200, headers: {}, body: null }).status).toBe(unserved(200));
});

test('an error of JSON-RPC has a number, and any request of a batch can have it', () => {
  const busy: Meaning = { status: 200, means: 429, has: '*.error.code', equals: [-32029] };
  const batch = [{ result: 1 }, { error: { code: -32029, message: 'no' } }];
  expect(meant(batch, busy)).toEqual({ status: 429, text: '200 with *.error.code -32029' });
  expect(meant([{ result: 1 }], busy)).toEqual({ status: 200 });
});

describe('MCP', () => {
  const TOOL: Meaning = { status: 200, means: 200, has: 'result', without: 'result.isError' };

  test('a result with isError is not served', () => {
    expect(meant({ result: { content: [], isError: false } }, TOOL)).toEqual({ status: 200 });
    expect(meant({ result: { content: [], isError: true } }, TOOL).text).toBe('200 with result.isError');
    expect(meant({ error: { code: -32601 } }, TOOL).text).toBe('200 without result');
  });

  test('a stream of events is read event by event', () => {
    const events = (...of: object[]) =>
      of.map((event) => `event: message\ndata: ${JSON.stringify(event)}\n\n`).join('');
    const progress = { method: 'notifications/progress' };
    expect(meant(events(progress, { result: { content: [] } }), TOOL)).toEqual({ status: 200 });
    expect(meant(events(progress, { result: { isError: true } }), TOOL).status).toBe(unserved(200));
    expect(meant(events(progress), TOOL).text).toBe('200 without result');
  });
});

test('a value may be false, and differs visibly from the wanted one', () => {
  const ok: Meaning = { status: 200, means: 200, has: 'code', equals: [0, false] };
  expect(meant({ code: 0 }, ok)).toEqual({ status: 200 });
  expect(meant({ code: false }, ok)).toEqual({ status: 200 });
  expect(meant({ code: 17 }, ok).text).toBe('200 with code 17');
  expect(meant({ code: {} }, ok).text).toBe('200 without code');
  expect(meant({ code: 'x'.repeat(50) }, ok).text).toBe('200 with code of 50 characters');
});

test('a header can decide, in any case of its name', () => {
  const exhausted: Meaning = { status: 200, means: 429, header: 'grpc-status', equals: ['8'] };
  const served: Meaning = { status: 200, means: 200, header: 'grpc-status', equals: ['0'] };
  const of = (headers: Record<string, string | string[]>) => meaningOf([exhausted, served], answer('', 200, headers));
  expect(of({ 'Grpc-Status': '8' })).toEqual({ status: 429, text: '200 with the header grpc-status 8' });
  expect(of({ 'grpc-status': ['0'] })).toEqual({ status: 200 });
  expect(of({ 'grpc-status': '14' }).text).toBe('200 with the header grpc-status 14');
  expect(of({}).text).toBe('200 without the header grpc-status');
});

test('a refusal without a time to wait in the body has none', () => {
  expect(meant(coded('RATE_LIMITED'), LIMITED, SERVED)).not.toHaveProperty('retryAfter');
});

test('statuses in words', () => {
  expect([0, 429, unserved(200)].map(statusText)).toEqual(['no answer', '429', '200 that is not served']);
});

test('finds errors in known forms, with their codes', () => {
  const of = (body: unknown) => errorIn(JSON.stringify(body));
  expect(of(coded('BUSY'))).toEqual({ field: 'errors', codeAt: 'errors.*.extensions.code', code: 'BUSY' });
  expect(of({ errors: [{ message: 'no' }] })).toEqual({ field: 'errors' });
  expect(of({ jsonrpc: '2.0', error: { code: -32029, message: 'no' } })).toEqual({
    field: 'error',
    codeAt: 'error.code',
    code: '-32029',
  });
  expect(of({ result: { isError: true } })).toEqual({ field: 'result.isError' });
});

test('finds no error in other bodies', () => {
  for (const body of [{ errors: [] }, { errors: 3 }, { error: null }, { result: { isError: false } }, [1], {}]) {
    expect(errorIn(JSON.stringify(body))).toBeUndefined();
  }
  expect(errorIn('"errors": [ is no JSON')).toBeUndefined();
  expect(errorIn(undefined)).toBeUndefined();
});

describe('values that differ from answer to answer', () => {
  const refused: Meaning = {
    status: 200,
    means: 429,
    has: 'errors.*.message',
    equals: [{ pattern: '^Client .+ has no calls left$' }],
  };

  test('a text that matches the pattern stands for the status', () => {
    const text = '200 with errors.*.message Client ada has no calls left';
    expect(meant({ errors: [{ message: 'Client ada has no calls left' }] }, refused, SERVED)).toEqual({
      status: 429,
      text,
    });
  });

  test('another text does not, and neither does an object', () => {
    expect(meant({ errors: [{ message: 'The client has no calls left' }] }, refused, SERVED).status).toBe(
      unserved(200),
    );
    expect(meant({ errors: [{ message: {} }] }, { ...refused, equals: [{ pattern: 'object' }] }, SERVED).status).toBe(
      unserved(200),
    );
  });
});

test.each<[object, string, object, string | undefined]>([
  [{ type: 'application/json' }, '{}', { 'Content-Type': 'Application/JSON; charset=utf-8' }, undefined],
  [{ type: 'application/json' }, '{}', { 'content-type': 'text/html' }, 'with the Content-Type text/html'],
  [{ type: 'application/json' }, '{}', {}, 'without a Content-Type'],
  [{ has: 'error.code' }, '', {}, 'whose body is not JSON'],
  [{ has: 'error.code' }, '{"error":{}}', {}, 'without error.code'],
  [{ has: 'error.code', equals: 'limited' }, '{"error":{"code":"limited"}}', {}, undefined],
  [{ has: 'error.code', equals: ['a', { pattern: '^lim' }] }, '{"error":{"code":"limited"}}', {}, undefined],
  [{ has: 'error.code', equals: { pattern: '^x' } }, '{"error":{"code":"limited"}}', {}, 'with error.code limited'],
  [[{ has: 'a' }, { header: 'x-code' }], '{"a":1}', {}, 'without the header x-code'],
])('a refusal as %o promises, with the body %o and the headers %o', (promised, body, headers, lack) => {
  expect(lackOfRefusal(promised, answer(body, 429, headers))).toBe(lack);
});
