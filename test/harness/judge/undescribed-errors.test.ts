import { expect, test } from 'vitest';
import { unserved } from '../../../harness/callers/meaning-of.ts';
import type { ContractFile } from '../../../harness/contract/contract.ts';
import { phaseTag } from '../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { undescribedErrors } from '../../../harness/judge/undescribed-errors.ts';
import { begun, factsOf, metric, receipt, requests } from '../../../harness/testing/hand-written.ts';
import type { Finding } from '../../../harness/verdict/finding.ts';
import graphql from '../../defects/answers/graphql.ts';
import { judge } from '../../support/judge.ts';

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
const CODE = { wire: '200', errorField: 'errors', errorCodeAt: 'errors.*.extensions.code', errorCode: 'RATE_LIMITED' };

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
      '25 responses of "ask" have status 200 and "errors" (code RATE_LIMITED) in the body, and the contract takes them for served. Write endpoints.ask.served: { status: 200, without: errors }, and for refusals refused: { 429: { status: 200, has: "errors.*.extensions.code", equals: "RATE_LIMITED" } }.',
    changes: [{ path: ['endpoints', 'ask', 'served'], value: { status: 200, without: 'errors' } }],
  });
});

test("the error of an upstream that is passed on as a success is not the service's own", () => {
  const failing = { endpoint: 'ask', phase: phaseTag({ id: 1 }) } as const;
  const error = (errorCode: string) =>
    metric('error_in_answer', 20, 1, {
      ...failing,
      wire: '200',
      errorField: 'error',
      errorCodeAt: 'error.code',
      errorCode,
    });
  const found = (errorCode: string, status: number, verdict: Finding['verdict'] = 'FAIL') =>
    undescribedErrors(
      new History([
        begun(1, { action: 'steady' }, 0, 0),
        ...requests(2, 10, 10, 200, failing),
        { ...receipt(1, 12, 5, 'llm', ['f1:status']), status },
        error(errorCode),
      ]),
      factsOf(PLAIN),
      finding(verdict, [failing]),
    );
  expect(found('429', 429)).toEqual({
    usually: expect.stringMatching(
      /^1 response of "ask" has status 200 and "error" \(code 429\) in the body: that is the answer of llm, passed on as a success/,
    ),
  });
  expect(found('429', 429, 'PASS')).toBeUndefined();
  for (const other of [found('429', 500), found('BUSY', 429)])
    expect(other?.usually).toContain('Write endpoints.ask.served');
});

test('a check that passed has the change only, for doctor', () => {
  const found = undescribedErrors(history(), factsOf(PLAIN), finding('PASS'));
  expect(Object.keys(found ?? {})).toEqual(['changes']);
});

test('if refusals have no form, it suggests one', () => {
  const facts = factsOf(withAsk({ served: { status: 200, without: 'errors' } }));
  expect(undescribedErrors(history(LIMIT, unserved(200)), facts, finding('FAIL'))).toEqual({
    usually:
      '25 responses of "ask" have status 200 and "errors" (code RATE_LIMITED) in the body. If this is how the service refuses requests, write endpoints.ask.refused: { 429: { status: 200, has: "errors.*.extensions.code", equals: "RATE_LIMITED" } }.',
  });
});

test('an open breaker refuses with its own status, if its errors differ from those of failed calls', () => {
  const facts = factsOf(withAsk({ served: { status: 200, without: 'errors' } }), { breaker: 'llm' });
  const error = (phase: string, errorCode: string) =>
    metric('error_in_answer', 1, 1, { endpoint: 'ask', phase, ...CODE, errorCode });
  const causeOf = (...errors: HistoryEvent[]) => {
    const phases = [begun(1, { action: 'opening' }, 0, 0), begun(2, { action: 'open' }, 100, 3)];
    return undescribedErrors(
      new History([...phases, ...requests(3, 0, 1, 200, { endpoint: 'ask' }), ...errors]),
      facts,
      finding('FAIL', [{ endpoint: 'ask' }]),
    )?.usually;
  };
  expect(causeOf(error('1', 'FAILED'), error('2', 'OPEN'))).toContain(
    'write endpoints.ask.refused: { 503: { status: 200, has: "errors.*.extensions.code", equals: "OPEN" } }.',
  );
  expect(causeOf(error('1', 'FAILED'), error('2', 'FAILED'))).toBeUndefined();
});

test('requests beyond those in progress are refused with their own status', () => {
  const { report = never() } = graphql.endpoints;
  const endpoints = { ...graphql.endpoints, report: { ...report, refused: undefined } };
  const facts = factsOf({ ...graphql, endpoints });
  const tags = { endpoint: 'report', phase: phaseTag({ id: 1 }) };
  const errors = metric('error_in_answer', 1, 1, { ...tags, wire: '200', errorField: 'errors' });
  const cause = (action: 'at once' | 'failing at once') =>
    undescribedErrors(
      new History([begun(1, { action, endpoint: 'report' }, 0, 0), ...requests(3, 0, 1, 200, tags), errors]),
      facts,
      finding('FAIL', [tags]),
    );
  expect(cause('at once')?.usually).toContain('endpoints.report.refused: { 429: { status: 200, has: errors } }.');
  expect(cause('failing at once')).toBeUndefined();
});

test('a field that all responses have is no cause', () => {
  const errors = Array.from({ length: 30 }, (_, index) => metric('error_in_answer', index, 1, { ...LIMIT, ...CODE }));
  const usual = new History([...requests(30, 0, 10, 200, LIMIT), ...errors]);
  expect(undescribedErrors(usual, factsOf(PLAIN), finding('FAIL'))).toBeUndefined();
});

test('other statuses stay served without a condition', () => {
  const facts = factsOf(withAsk({ served: [200, 404] }));
  const value = [{ status: 200, without: 'errors' }, 404];
  const found = undescribedErrors(history(), facts, finding('FAIL'));
  expect(found?.changes).toEqual([{ path: ['endpoints', 'ask', 'served'], value }]);
  expect(found?.usually).toContain('Write endpoints.ask.served: [{"status":200,"without":"errors"},404]');
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

test('the judge reports this cause, and the change for doctor', () => {
  const findings = judge(history(), factsOf(PLAIN), ['rate-limit-admits-exactly']);
  const found = findings.find(({ check }) => check === 'admits exactly N: ask, first window');
  expect(found?.usually).toContain('the contract takes them for served');
  expect(found?.changes).toHaveLength(1);
});
