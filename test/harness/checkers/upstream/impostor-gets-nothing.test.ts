import { expect, test } from 'vitest';
import { impostorGetsNothing } from '../../../../harness/checkers/upstream/impostor-gets-nothing.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, connection, facts, handshakeFailed, receipt, request } from '../../../support/history.ts';

/** A call during which an upstream presents a certificate of this kind, with what arrives there. */
const posed =
  (kind: string, what: 'refused' | 'accepted' | string[], status = 502, endpoint = 'conversation-end') =>
  (index: number): HistoryEvent[] => {
    const [seq, at] = [index * 10, index * 100];
    const errors = what === 'refused' ? ['ECONNRESET'] : what === 'accepted' ? [] : what;
    return [
      begun(index, { action: 'impostor', upstream: 'groq', certificate: kind, endpoint }, at, seq),
      request(at + 1, 5, status, { phase: String(index) }),
      ...(what === 'accepted' ? [receipt(seq + 1, at + 2, 1, 'groq')] : []),
      ...errors.map((error, nth) => handshakeFailed(seq + 1 + nth, at + 2, 'groq', error)),
    ];
  };

const judge = (...all: ReturnType<typeof posed>[]) =>
  impostorGetsNothing.judge(
    new History([...all.flatMap((pose, index) => pose(index)), begun(100, { action: 'end' }, 9_000, 900)]),
    facts(),
  );

test.each(['ERR_SSL_HTTP_REQUEST', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_HTTPS_PROXY_REQUEST'])(
  'a service that falls back to plain HTTP fails, although its caller gets the promised error: %s',
  (error) => {
    expect(judge(posed('expired', ['ECONNRESET', error]))).toMatchObject([
      {
        verdict: 'FAIL',
        observed: '0 requests arrived, 1 request in plain text, 1 connection refused; 1 × 502',
        usually: expect.stringContaining('called groq over plain HTTP'),
      },
    ]);
  },
);

test.each([
  ['weak-key', "too small for today's policy"],
  ['wrong-host', 'but not their host name'],
  ['expired', 'but not their dates'],
  ['not-yet-valid', 'but not their dates'],
  ['incomplete-chain', 'its issuer is missing'],
  ['self-signed', 'Certificate verification is off'],
  ['unknown-ca', 'Certificate verification is off'],
])('an accepted %s certificate is named for what it is', (kind, said) => {
  const others = ['self-signed', 'unknown-ca', 'expired'].filter((other) => other !== kind);
  const findings = judge(posed(kind, 'accepted', 201), ...others.map((other) => posed(other, 'refused')));
  expect(findings.map(({ verdict }) => verdict)).toEqual(['FAIL', ...others.map(() => 'PASS')]);
  expect(findings[0]?.usually).toContain(said);
});

test('a call that accepts a certificate of nobody does not verify any, and other calls are judged by their own', () => {
  const findings = judge(
    posed('self-signed', 'accepted', 201),
    posed('weak-key', 'accepted', 201),
    posed('weak-key', 'accepted', 201, 'conversation-read'),
  );
  const causes = findings.map(({ usually }) => usually?.startsWith('Certificate verification is off'));
  expect(causes).toEqual([true, true, false]);
});

test.each([
  [201, 'answered without the upstream'],
  [500, 'not treated as a failed upstream call'],
])('a refused connection whose caller gets %i is not called unverified', (status, said) => {
  expect(judge(posed('expired', 'refused', status))).toMatchObject([
    { verdict: 'FAIL', usually: expect.stringContaining(said) },
  ]);
});

test('a database that gets a connection is not called verified, with the modes of its drivers', () => {
  const impostor = (certificate: string) =>
    ({ action: 'impostor', upstream: 'database', certificate, endpoint: 'conversation-read' }) as const;
  const events = [
    begun(1, impostor('wrong-host'), 0, 0),
    request(1, 5, 503, { phase: '1' }),
    connection(1, 2, 'database'),
    begun(2, impostor('self-signed'), 100, 0),
    request(101, 5, 503, { phase: '2' }),
    connection(2, 102, 'database'),
    begun(3, { action: 'end' }, 200, 0),
  ];
  const findings = impostorGetsNothing.judge(new History(events), facts());
  expect(findings.map(({ verdict }) => verdict)).toEqual(['FAIL', 'FAIL']);
  for (const { usually } of findings) expect(usually).toContain('`verify-full`');
});
