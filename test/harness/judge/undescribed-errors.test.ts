import { expect, test } from 'vitest';
import { unserved } from '../../../harness/callers/meaning-of.ts';
import type { ContractFile } from '../../../harness/contract/contract.ts';
import { History } from '../../../harness/history/history.ts';
import { undescribedErrors } from '../../../harness/judge/undescribed-errors.ts';
import { factsOf, metric, requests } from '../../../harness/testing/hand-written.ts';
import type { Finding } from '../../../harness/verdict/finding.ts';
import graphql from '../../defects/answers/graphql.ts';

const { ask = never() } = graphql.endpoints;
function never(): never {
  throw new Error('there is no endpoint ask');
}

const withAsk = (answers: Pick<typeof ask, 'served' | 'refused'>): ContractFile => ({
  ...graphql,
  endpoints: { ...graphql.endpoints, ask: { ...ask, refused: undefined, ...answers } },
});

const PLAIN = withAsk({ served: [200] });

const LIMIT = { endpoint: 'ask', limit: 'ask', step: 'first window' } as const;
const CODE = { errorField: 'errors', errorCodeAt: 'errors.*.extensions.code', errorCode: 'RATE_LIMITED' };

const finding = (verdict: Finding['verdict'], requested: NonNullable<Finding['requests']> = [LIMIT]): Finding => ({
  check: 'admits exactly N: ask, first window',
  expected: '',
  observed: '',
  requests: requested,
  verdict,
});

const history = (tags: Record<string, string> = LIMIT, status = 200) =>
  new History([
    ...requests(30, 0, 10, status, tags),
    ...Array.from({ length: 25 }, (_, index) => metric('error_in_answer', index, 1, { ...tags, ...CODE })),
  ]);

test('errors that count as served are the first cause, with the line that describes them', () => {
  expect(undescribedErrors(history(), factsOf(PLAIN), finding('FAIL'))).toEqual({
    usually:
      '25 responses of "ask" have a served status and "errors" (code RATE_LIMITED) in the body, and the contract takes them for served. Write endpoints.ask.served: { status: 200, without: errors }, and for refusals refused: { 429: { status: 200, has: "errors.*.extensions.code", equals: "RATE_LIMITED" } }.',
    changes: [{ path: ['endpoints', 'ask', 'served'], value: { status: 200, without: 'errors' } }],
  });
});

test('a check that passed has the change only, for doctor', () => {
  const found = undescribedErrors(history(), factsOf(PLAIN), finding('PASS'));
  expect(Object.keys(found ?? {})).toEqual(['changes']);
});

test('if refusals have no form, it suggests one', () => {
  const facts = factsOf(withAsk({ served: { status: 200, without: 'errors' } }));
  expect(undescribedErrors(history(LIMIT, unserved(200)), facts, finding('FAIL'))).toEqual({
    usually:
      '25 responses of "ask" have a served status and "errors" (code RATE_LIMITED) in the body. If this is how the service refuses requests, write endpoints.ask.refused: { 429: { status: 200, has: "errors.*.extensions.code", equals: "RATE_LIMITED" } }.',
  });
});

test('a breaker refuses with its own status', () => {
  const facts = factsOf(withAsk({ served: { status: 200, without: 'errors' } }), { breaker: 'llm' });
  const tags = { endpoint: 'ask', phase: '1' };
  const found = undescribedErrors(history(tags, unserved(200)), facts, finding('FAIL', [{ endpoint: 'ask' }]));
  expect(found?.usually).toContain('write endpoints.ask.refused: { 503: {');
});

test('other errors of a service whose refusals are described are no cause', () => {
  expect(undescribedErrors(history(), factsOf(graphql), finding('FAIL'))).toBeUndefined();
});

test('errors of other requests are no cause', () => {
  const other = finding('FAIL', [{ ...LIMIT, step: 'second window' }]);
  expect(undescribedErrors(history(), factsOf(PLAIN), other)).toBeUndefined();
  expect(undescribedErrors(history(), factsOf(PLAIN), finding('FAIL', []))).toBeUndefined();
  expect(undescribedErrors(new History([]), factsOf(PLAIN), finding('FAIL'))).toBeUndefined();
});
