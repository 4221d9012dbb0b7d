import { expect, test } from 'vitest';
import { upstreamsOverTls } from '../../../../harness/checkers/foundation/upstreams-over-tls.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { judgeEach } from '../../../../harness/judge/judge.ts';
import { begun, connection, facts, handshakeFailed, receipt, request, T0 } from '../../../support/history.ts';

const plain = (seq: number, upstream: string) => handshakeFailed(seq, 1_500, upstream, 'ERR_SSL_HTTP_REQUEST');
const STARTED = [request(0, 5, 200, {}), begun(3, { action: 'open' }, 1_000, 1)];

const judge = (events: HistoryEvent[], changed: object = {}) => {
  const { contract, ...others } = facts();
  const upstreams = { ...contract.upstreams, ...changed };
  return upstreamsOverTls.judge(new History([...STARTED, ...events]), {
    ...others,
    contract: { ...contract, upstreams },
  });
};

test('a request in plain text to a TLS port fails, with its place in the run', () => {
  expect(judge([receipt(1, 10, 5, 'groq'), plain(2, 'groq'), plain(3, 'mem0')])).toEqual([
    {
      check: 'upstreams called over TLS only',
      expected: 'no request in plain text',
      observed: '1 request over TLS, 2 in plain text',
      verdict: 'FAIL',
      evidence: ['groq', 'mem0'].map(
        (name) => `${name}: plain text (ERR_SSL_HTTP_REQUEST) 1.5 s after the first request, in the phase "open"`,
      ),
    },
  ]);
});

test('if nothing came to an upstream, nothing is known', () => {
  expect(judge([handshakeFailed(2, 20, 'groq', 'ECONNRESET'), connection(3, 30, 'database')])).toMatchObject([
    { verdict: 'INCONCLUSIVE', observed: '0 requests over TLS, 0 in plain text' },
  ]);
});

test('upstreams that have no TLS, or that are not HTTP, are not looked at', () => {
  const nothing = [{ verdict: 'INCONCLUSIVE', observed: '0 requests over TLS, 0 in plain text' }];
  expect(judge([receipt(1, 10, 5, 'groq'), plain(2, 'groq')], { groq: { tls: false } })).toMatchObject(nothing);
  expect(judge([receipt(1, 10, 5, 'groq')], { groq: { tcp: 'tcp://127.0.0.1:1' } })).toMatchObject(nothing);
});

test('in a scenario with impostors, it follows from their check, and elsewhere it fails by itself', () => {
  const posed = { action: 'impostor', upstream: 'groq', certificate: 'expired', endpoint: 'conversation-end' } as const;
  const events: HistoryEvent[] = [
    { type: 'engine', at: T0, event: 'ended', code: 0, signal: null },
    begun(1, posed, 1_200, 1),
    request(1_201, 5, 502, { phase: '1' }),
    plain(2, 'groq'),
    begun(2, { action: 'end' }, 9_000, 9),
  ];
  const of = (holds: string[]) =>
    [...judgeEach(new History([...STARTED, ...events]), facts(), holds)]
      .flatMap(([, findings]) => findings)
      .find(({ checker }) => checker === 'upstreams-over-tls');
  expect(of([])).toMatchObject({ verdict: 'FAIL', restsOn: expect.arrayContaining(['impostor-gets-nothing']) });
  expect(of([])).not.toHaveProperty('follows');
  expect(of(['impostor-gets-nothing'])).toMatchObject({
    verdict: 'FAIL',
    follows: 'refuses an untrusted certificate: groq expired, conversation-end',
  });
});
