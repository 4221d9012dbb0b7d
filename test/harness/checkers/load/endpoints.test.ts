import { expect, test } from 'vitest';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { endpointsAskForProof } from '../../../../harness/checkers/load/endpoints-ask-for-proof.ts';
import { endpointsServed } from '../../../../harness/checkers/load/endpoints-served.ts';
import { ledgerKeepsRow } from '../../../../harness/checkers/pool/ledger-keeps-row.ts';
import { poolEndpointReadsTable } from '../../../../harness/checkers/pool/pool-endpoint-reads-table.ts';
import { endpointsReachUpstreams } from '../../../../harness/checkers/upstream/endpoints-reach-upstreams.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import {
  begun,
  closedUnused,
  connection,
  connections,
  facts,
  handshakeFailed,
  metric,
  receipt,
  request,
  STRAY,
  T0,
  verdicts,
} from '../../../support/history.ts';

const CALLED = begun(1, { action: 'endpoint', endpoint: 'conversation-end' }, 0, 0);
const called = (status: number, ...arrived: HistoryEvent[]) =>
  new History([STRAY, CALLED, request(1, 50, status, { phase: '1' }), ...arrived, begun(2, { action: 'end' }, 100, 9)]);

test.each([
  ['PASS', called(201)],
  ['FAIL', called(200)],
  ['FAIL', called(0)],
  ['INCONCLUSIVE', new History()],
])('gives %s for an endpoint that should be served', (verdict, history) => {
  expect(verdicts(endpointsServed.judge(history, facts()))['serves conversation-end']).toBe(verdict);
});

test('shows the beginning of an unexpected body in one line', () => {
  const body = `{"detail":\n  "${'x'.repeat(400)}"}`;
  const noted = [
    metric('unexpected_status', 60, 400, { phase: '1', body: '{"detail": "no such field"}\n' }),
    metric('unexpected_status', 60, 503, { phase: '2', body: 'elsewhere' }),
    metric('unexpected_status', 70, 500, { phase: '1', body }),
  ];
  const evidenceOf = (history: History) =>
    endpointsServed.judge(history, facts()).find(({ check }) => check === 'serves conversation-end')?.evidence;
  expect(evidenceOf(called(400, ...noted))).toEqual([
    '400 with the body: {"detail": "no such field"}',
    `500 with the body: {"detail": "${'x'.repeat(188)}…`,
  ]);
  expect(evidenceOf(called(400))).toBeUndefined();
});

test('an error of the service whose upstream got nothing through the proxy: its client', () => {
  const { contract, ...others } = facts();
  const proxied = {
    ...others,
    contract: { ...contract, upstreams: { ...contract.upstreams, groq: { via: 'proxy' } } },
  };
  const usuallyOf = (history: History, given = proxied as Facts) =>
    endpointsServed.judge(history, given).find(({ check }) => check === 'serves conversation-end')?.usually;
  expect(usuallyOf(called(502))).toMatch(
    /^No request reached groq through the proxy: the service may call the real API/,
  );
  expect(usuallyOf(called(502), facts())).toBeUndefined();
  expect(usuallyOf(called(404))).toBeUndefined();
  expect(usuallyOf(called(201))).toBeUndefined();
  expect(usuallyOf(called(502, receipt(1, 2, 5, 'groq')))).toBeUndefined();
  const refused = /^The service ended its connection to groq in or right after the TLS handshake/;
  expect(usuallyOf(called(502, handshakeFailed(1, 2, 'groq')))).toMatch(refused);
  expect(usuallyOf(called(502, closedUnused(1, 2, 'groq')), facts())).toMatch(refused);
  expect(usuallyOf(called(502, handshakeFailed(1, 2, 'groq', 'ERR_SSL_HTTP_REQUEST')))).toMatch(/plain text to groq/);
});

test.each([
  ['PASS', 'in order', called(201, receipt(1, 2, 5, 'groq'), receipt(2, 9, 5, 'mem0'))],
  ['FAIL', 'in another order', called(201, receipt(1, 2, 5, 'mem0'), receipt(2, 9, 5, 'groq'))],
  ['FAIL', 'twice', called(201, receipt(1, 2, 5, 'groq'), receipt(2, 4, 5, 'groq'), receipt(3, 9, 5, 'mem0'))],
  ['FAIL', 'not at all', called(201)],
  ['INCONCLUSIVE', 'by a call that was not made', new History([CALLED, begun(2, { action: 'end' }, 9, 0)])],
])('gives %s for upstreams that were reached %s', (verdict, _, history) => {
  expect(verdicts(endpointsReachUpstreams.judge(history, facts()))['upstreams of conversation-end']).toBe(verdict);
});

const cached = (...arrived: HistoryEvent[]) => {
  const { contract, ...others } = facts();
  const end = contract.endpoints['conversation-end'] as Facts['contract']['endpoints'][string];
  const described = {
    ...contract,
    upstreams: { ...contract.upstreams, cache: { tcp: '127.0.0.1:6379' } },
    endpoints: { ...contract.endpoints, 'conversation-end': { ...end, reaches: ['cache'] } },
  };
  return endpointsReachUpstreams.judge(called(201, ...arrived), { ...others, contract: described });
};

test('a TCP upstream needs a connection, whenever it was made', () => {
  const elsewhere = connection(1, -500, 'database');
  expect(verdicts(cached(connection(1, -500, 'cache')))['connects to cache']).toBe('PASS');
  expect(cached(elsewhere)).toContainEqual({
    check: 'connects to cache',
    expected: 'at least 1 connection',
    observed: '0 connections',
    verdict: 'FAIL',
    evidence: ["no connection reached cache: set the service's address for it to ${upstream.cache} in environment"],
  });
});

const looks = (...waiting: number[]) =>
  new History([
    begun(1, { action: 'locked' }, 0, 0),
    ...waiting.map((waitingForLock, index) => ({ ...connections(index * 25, 1), waitingForLock })),
    begun(2, { action: 'end' }, 1_000, 0),
    { ...connections(1_100, 1), waitingForLock: 1 },
  ]);

test.each([
  ['PASS', looks(0, 1, 1)],
  ['FAIL', looks(0, 0)],
  ['INCONCLUSIVE', looks()],
])('gives %s for the pool endpoint reading its table', (verdict, history) => {
  expect(poolEndpointReadsTable.judge(history, facts())).toMatchObject([{ verdict }]);
});

const PROOFS = ['no token', 'another key', 'no signature', 'expired'];
const unproved = (...statuses: number[]) =>
  new History([
    STRAY,
    begun(1, { action: 'without proof', endpoint: 'conversation-end' }, 0, 0),
    ...PROOFS.map((proof) => request(1, 5, 201, { phase: '2', proof })),
    ...statuses.map((status, index) => request(1, 5, status, { phase: '1', proof: PROOFS[index] ?? '' })),
  ]);

test.each([
  ['PASS', unproved(401, 401, 403, 400)],
  ['PASS', unproved(499, 400, 401, 401)],
  ['FAIL', unproved(201, 401, 401, 401)],
  ['FAIL', unproved(401, 401, 401, 201)],
  ['FAIL', unproved(0, 201)],
  ['INCONCLUSIVE', unproved(401, 401, 401)],
  ['INCONCLUSIVE', unproved(401, 401, 401, 429)],
  ['INCONCLUSIVE', unproved(500, 401, 401, 401)],
  ['INCONCLUSIVE', unproved(401, 302, 401, 401)],
  ['INCONCLUSIVE', unproved(401, 401, 0, 401)],
  ['INCONCLUSIVE', unproved()],
])('gives %s for an endpoint that requires credentials', (verdict, history) => {
  const judged = verdicts(endpointsAskForProof.judge(history, facts()));
  expect(judged['requires credentials: conversation-end']).toBe(verdict);
  expect(judged).not.toHaveProperty(['requires credentials: health']);
});

test('reports which invalid credentials were accepted', () => {
  const [finding] = endpointsAskForProof.judge(unproved(401, 201, 401, 201), facts());
  expect(finding).toMatchObject({
    observed: '2 × 401, 2 × 201',
    evidence: ['served: another key', 'served: expired'],
  });
});

/** The reads of a row before it is stored, after that, and by another user. */
const othersRow = (before: number, own: number, other: number) => {
  const tags = { phase: '1', endpoint: 'conversation-read' };
  const history = new History([
    begun(1, { action: 'without proof', endpoint: 'conversation-read' }, 0, 0),
    request(1, 5, before, { ...tags, about: 'before' }),
    request(2, 5, 201, { ...tags, endpoint: 'conversation-end', about: 'written' }),
    request(3, 5, own, { ...tags, about: 'own' }),
    ...PROOFS.map((proof) => request(4, 5, 401, { ...tags, proof })),
    request(5, 5, other, { ...tags, proof: 'row of another user' }),
  ]);
  return endpointsAskForProof
    .judge(history, facts())
    .find(({ check }) => check === 'requires credentials: conversation-read');
};

test.each([
  ['PASS', 'as a missing row', 404, 200, 404],
  ['PASS', 'with 403', 404, 200, 403],
  ['FAIL', 'with the row', 404, 200, 200],
  ['INCONCLUSIVE', 'if its own user never gets it', 404, 404, 404],
  ['INCONCLUSIVE', 'as anybody gets a missing row', 200, 200, 200],
  ['INCONCLUSIVE', 'beyond a limit', 404, 200, 429],
])('%s if another user is answered %s', (verdict, _, before, own, other) => {
  expect(othersRow(before, own, other)).toMatchObject({
    verdict,
    ...(verdict === 'FAIL' && {
      evidence: ['served: row of another user'],
      usually: expect.stringContaining('by its key alone'),
    }),
  });
});

/** A call with this status, and the contents of the ledger at each read. */
const kept = (status: number, ...reads: { rows: Record<string, number>; problem?: string }[]) =>
  new History([
    CALLED,
    request(1, 50, status, { phase: '1', key: 'k1' }),
    ...reads.map((read, index) => ({ type: 'stored' as const, at: T0 + 100 + index, ...read })),
  ]);

test.each<[string, string, History]>([
  ['PASS', '1 row for each of 1 event', kept(201, { rows: { k1: 1, k2: 4 } })],
  ['PASS', '1 row for each of 1 event', kept(201, { rows: {} }, { rows: { k1: 1 } })],
  ['FAIL', 'of 1 event: k1: 0 rows', kept(201, { rows: { k2: 1 } })],
  ['FAIL', 'of 1 event: k1: 2 rows', kept(201, { rows: { k1: 2 } })],
  ['FAIL', 'relation "x" does not exist', kept(201, { rows: {}, problem: 'relation "x" does not exist' })],
  ['INCONCLUSIVE', 'no request was acknowledged', kept(503, { rows: {} })],
  ['INCONCLUSIVE', 'no request was acknowledged', new History([{ type: 'stored', at: T0, rows: { k1: 1 } }])],
  ['INCONCLUSIVE', 'the table was not read', kept(201)],
])('gives %s for the ledger: %s', (verdict, observed, history) => {
  expect(ledgerKeepsRow.judge(history, facts())).toMatchObject([{ verdict, observed }]);
});

test('each event that was written has a row', () => {
  const history = kept(201, { rows: { k1: 1 } });
  history.add(begun(3, { action: 'without proof', endpoint: 'conversation-read' }, 60, 0));
  history.add(request(2, 70, 201, { phase: '3', endpoint: 'conversation-end', about: 'written', key: 'k2' }));
  const [finding] = ledgerKeepsRow.judge(history, facts());
  expect(finding).toMatchObject({ verdict: 'FAIL', observed: 'of 2 events: k2: 0 rows' });
});

const refusedBy = (seq: number, code: string, model?: string): HistoryEvent => ({
  ...receipt(seq, 10, 5, 'groq'),
  status: 404,
  refusal: { code, message: `about ${model}`, ...(model !== undefined && { model }) },
});

test.each([
  [undefined, ['gpt-9'], { path: ['upstreams', 'groq', 'models'], value: ['gpt-9'] }],
  [['a'], ['a', 'gpt-9'], { path: ['upstreams', 'groq', 'models'], value: ['a', 'gpt-9'] }],
  [{ a: { rpm: 1 } }, ['gpt-9'], undefined],
])(
  'shows why an upstream rejected a call, and the models to write if the contract has %j',
  (listed, models, change) => {
    const { contract, ...rest } = facts();
    const upstreams = { ...contract.upstreams, groq: { ...contract.upstreams.groq, models: listed } };
    const judged = endpointsServed.judge(called(502, refusedBy(1, 'model_not_found', 'gpt-9')), {
      ...rest,
      contract: { ...contract, upstreams },
    });
    const { evidence, changes } = judged.find(({ check }) => check === 'serves conversation-end') ?? {};
    expect(evidence).toEqual([
      expect.stringMatching(/^groq answered 404 to .*: model_not_found: about gpt-9$/),
      `to let the fake serve what the service asks for, list all models of the service: upstreams.groq.models: [${models.join(', ')}]`,
    ]);
    expect(changes).toEqual(change && [change]);
  },
);

test('other errors of an upstream are shown without a change, and none if the endpoint is served', () => {
  const of = (status: number, ...events: HistoryEvent[]) =>
    endpointsServed.judge(called(status, ...events), facts()).find(({ check }) => check === 'serves conversation-end');
  expect(of(502, refusedBy(1, 'invalid_api_key'))).toMatchObject({
    evidence: [expect.stringContaining('groq answered 404 to')],
  });
  expect(of(502, refusedBy(1, 'invalid_api_key'))).not.toHaveProperty('changes');
  expect(of(201, refusedBy(1, 'model_not_found', 'gpt-9'))).not.toHaveProperty('evidence');
});
