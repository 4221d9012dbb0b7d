import { describe, expect, test } from 'vitest';
import { unserved } from '../../../harness/callers/meaning-of.ts';
import type { Meaning } from '../../../harness/contract/schema/meanings.ts';
import { madeUp, type WireAnswer, withHeader } from '../../../harness/wire/exchange.ts';
import { asMeant, inForm } from '../../../harness/wire/in-form.ts';

const GRAPHQL: Meaning[] = [
  {
    status: 200,
    means: 429,
    has: 'errors.*.extensions.code',
    equals: ['RATE_LIMITED'],
    retryAfter: 'errors.0.extensions.retryAfter',
  },
  { status: 200, means: 503, has: 'errors.0.extensions.code', equals: ['OPEN'] },
  { status: 200, means: 200, without: 'errors' },
];

const answer = (body: unknown, status = 200): WireAnswer => ({
  status,
  headers: [['Content-Type', 'application/json']],
  body: Buffer.from(JSON.stringify(body)),
});
const bodyOf = ({ body }: WireAnswer): unknown => JSON.parse(body.toString());
const refused = { errors: [{ message: 'no', extensions: { code: 'RATE_LIMITED', retryAfter: 2 } }] };

test('answers without conditions are passed as they are', () => {
  const own = answer({}, 503);
  expect(asMeant(own, undefined)).toBe(own);
  expect(inForm(own, undefined)).toBe(own);
});

test('a mutant sees a refusal with its status and Retry-After', () => {
  const { status, headers } = asMeant(answer(refused), GRAPHQL);
  expect(status).toBe(429);
  expect(headers).toContainEqual(['Retry-After', '2']);
});

test('an answer that no mutant changed gets its form back', () => {
  for (const body of [refused, { errors: [{ message: 'other' }] }, { data: {} }]) {
    const own = answer(body);
    const sent = inForm(asMeant(own, GRAPHQL), GRAPHQL);
    expect([sent.status, bodyOf(sent)]).toEqual([200, body]);
    expect(sent.headers).toEqual(own.headers);
  }
  expect(asMeant(answer({ errors: [{ message: 'other' }] }), GRAPHQL).status).toBe(unserved(200));
});

test('a changed Retry-After is written into the body, or removed from it', () => {
  const changed = (change: () => string | undefined) =>
    bodyOf(inForm(withHeader(asMeant(answer(refused), GRAPHQL), /^retry-after$/i, change), GRAPHQL));
  expect(changed(() => '9')).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: 9 } }] });
  expect(changed(() => undefined)).toEqual({ errors: [{ message: 'no', extensions: { code: 'RATE_LIMITED' } }] });
});

describe('refusals that a mutant makes up', () => {
  test('are in the form of the service', () => {
    const sent = inForm(madeUp(429, [['Retry-After', '1']]), GRAPHQL);
    expect(sent.status).toBe(200);
    expect(bodyOf(sent)).toEqual({ errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: 1 } }] });
    expect(asMeant(sent, GRAPHQL).status).toBe(429);
    expect(asMeant(inForm(madeUp(503), GRAPHQL), GRAPHQL).status).toBe(503);
  });

  test('keep a status for which the contract has no form', () => {
    expect(inForm(madeUp(502), GRAPHQL)).toEqual(madeUp(502));
  });

  test('have the header that decides', () => {
    const grpc: Meaning[] = [{ status: 200, means: 429, header: 'grpc-status', equals: ['8'] }];
    const sent = inForm(madeUp(429), grpc);
    expect(sent.headers).toContainEqual(['grpc-status', '8']);
    expect(asMeant(sent, grpc).status).toBe(429);
  });
});
