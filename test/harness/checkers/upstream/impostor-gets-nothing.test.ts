import { expect, test } from 'vitest';
import { impostorGetsNothing } from '../../../../harness/checkers/upstream/impostor-gets-nothing.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, closedUnused, connection, facts, handshakeFailed, receipt, request } from '../../../support/history.ts';

/** A call during which an upstream presents a certificate of this kind, with what arrives there. */
const posed =
  (
    kind: string,
    what: 'refused' | 'accepted' | string[],
    status = 502,
    endpoint = 'conversation-end',
    fault?: string,
  ) =>
  (index: number): HistoryEvent[] => {
    const [seq, at] = [index * 10, index * 100];
    const errors = what === 'refused' ? ['ECONNRESET'] : what === 'accepted' ? [] : what;
    const where = { upstream: 'groq', certificate: kind, endpoint };
    const action =
      fault === undefined ? ({ action: 'impostor' } as const) : ({ action: 'impostor again', fault } as const);
    return [
      begun(index, { ...action, ...where }, at, seq),
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

const AFTER = ['conversation-end', 'timeouts'] as const;

test('a certificate that is accepted after trouble only is not called unverified from the beginning', () => {
  const findings = judge(posed('self-signed', 'refused'), posed('self-signed', 'accepted', 201, ...AFTER));
  expect(findings).toMatchObject([
    { verdict: 'PASS', check: 'refuses an untrusted certificate: groq self-signed, conversation-end' },
    {
      verdict: 'FAIL',
      check: 'still refuses an untrusted certificate after timeouts: groq self-signed, conversation-end',
      usually: expect.stringMatching(
        /^After timeouts, the service called the upstream without verifying.* Before, it refused the same certificate\.$/,
      ),
    },
  ]);
  const [alone] = judge(posed('self-signed', 'accepted', 201, ...AFTER));
  expect(alone?.usually).toMatch(
    /accepted after timeouts.* If `chaos\/impostor` fails as well: Certificate verification is off.* Otherwise: the code/,
  );
  const [name] = judge(posed('wrong-host', 'accepted', 201, ...AFTER), posed('self-signed', 'refused', 502, ...AFTER));
  expect(name?.usually).toMatch(/accepted after timeouts.* not their host name/);
});

test('a certificate that is accepted before and after trouble has its own cause', () => {
  const findings = judge(posed('wrong-host', 'accepted', 201), posed('wrong-host', 'accepted', 201, ...AFTER));
  expect(findings.map(({ usually }) => usually)).toEqual(Array(2).fill(expect.stringContaining('not their host name')));
});

test('a certificate of nobody that is accepted after trouble says nothing about others before it', () => {
  const findings = judge(posed('expired', 'accepted', 201), posed('self-signed', 'accepted', 201, ...AFTER));
  expect(findings[0]?.usually).toContain('not their dates');
});

test('a certificate that is refused after trouble passes, and both phases are cases', () => {
  expect(judge(posed('expired', 'refused', 502, ...AFTER))).toMatchObject([{ verdict: 'PASS' }]);
  const where = { upstream: 'groq', certificate: 'expired', endpoint: 'conversation-end' };
  const plan = [
    { action: 'impostor', ...where },
    { action: 'impostor again', fault: 'timeouts', ...where },
  ] as const;
  const cases = impostorGetsNothing.cases?.({ ...facts(), proof: { plan: [...plan], beside: [], conditions: [] } });
  expect(cases?.map(({ check }) => check)).toEqual([
    'refuses an untrusted certificate: groq expired, conversation-end',
    'still refuses an untrusted certificate after timeouts: groq expired, conversation-end',
  ]);
});

test.each([
  [201, 'answered without the upstream'],
  [500, 'not treated as a failed upstream call'],
])('a refused connection whose caller gets %i is not called unverified', (status, said) => {
  expect(judge(posed('expired', 'refused', status))).toMatchObject([
    { verdict: 'FAIL', usually: expect.stringContaining(said) },
  ]);
});

test('an error of a call that made no connection says nothing, but a response without one is not refused', () => {
  expect(judge(posed('expired', [], 500))).toMatchObject([{ verdict: 'INCONCLUSIVE' }]);
  expect(judge(posed('expired', [], 201))).toMatchObject([{ verdict: 'FAIL' }]);
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

/**
 * An impostor whose client closes its connection after the handshake, with as many requests as arrive at the upstream
 * from the calls with a valid certificate before and after it.
 */
function closedAfterHandshake(sent: { before: number; after: number; callsBefore?: number }, status = 502) {
  const where = { upstream: 'groq', endpoint: 'conversation-end' };
  const requests = (count: number, seq: number, at: number) =>
    Array.from({ length: count }, (_, index) => receipt(seq + index, at, 1, 'groq'));
  const calls = Array.from({ length: sent.callsBefore ?? 1 }, () => request(1, 5, 201, { phase: '1' }));
  return impostorGetsNothing.judge(
    new History([
      begun(1, { action: 'diluted', ...where }, 0, 0),
      ...calls,
      ...requests(sent.before, 1, 2),
      begun(2, { action: 'impostor', certificate: 'expired', ...where }, 100, 10),
      request(101, 5, status, { phase: '2' }),
      closedUnused(11, 102, 'groq'),
      begun(3, { when: 'after', of: 2 }, 200, 20),
      request(201, 5, 201, { phase: '3' }),
      ...requests(sent.after, 21, 202),
      begun(4, { action: 'end' }, 300, 30),
    ]),
    facts(),
  );
}

test('a connection that is closed after the handshake is refused if the same call before and after sends a request', () => {
  expect(closedAfterHandshake({ before: 1, after: 1 })).toMatchObject([
    {
      verdict: 'PASS',
      observed:
        '0 requests arrived, 0 connections refused, 1 connection closed after the handshake, but used with a valid certificate; 1 × 502',
    },
  ]);
});

test.each([
  { before: 0, after: 1 },
  { before: 1, after: 0 },
  { before: 1, after: 1, callsBefore: 2 },
  { before: 0, after: 1, callsBefore: 0 },
])('a connection that is closed after the handshake says nothing without a request before and after: %j', (sent) => {
  expect(closedAfterHandshake(sent)).toMatchObject([
    { verdict: 'INCONCLUSIVE', observed: expect.stringContaining('not shown to be used with a valid certificate') },
  ]);
});

test('a call that is served although its connection was closed after the handshake fails', () => {
  expect(closedAfterHandshake({ before: 1, after: 1 }, 201)).toMatchObject([
    { verdict: 'FAIL', usually: expect.stringContaining('answered without the upstream') },
  ]);
});
