import { expect, onTestFinished, test, vi } from 'vitest';
import { CHECKERS, COMMON } from '../../../../harness/checkers/index.ts';
import { WIRE_MUTANTS } from '../../../../harness/wire/mutants/index.ts';
import { secretOf } from '../../../../harness/wire/mutants/secrets.ts';
import { after, during, mutantIn, SERVED, type Told } from '../fake-wire.ts';

test('mutants have names of their own, and name checkers that exist', () => {
  const names = WIRE_MUTANTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const known = Object.keys({ ...CHECKERS, ...COMMON });
  const named = WIRE_MUTANTS.flatMap(({ turnsRed, disturbs = [] }) => [...turnsRed, ...disturbs]);
  expect(named.filter((checker) => !known.includes(checker))).toEqual([]);
});

/** What each mutant makes of answers, one after another: their statuses. */
const STATUSES: Record<string, [answers: Told[], statuses: number[]]> = {
  'one-request-beyond-the-limit': [
    [{ status: 201 }, { status: 429 }, { status: 429 }, { status: 429, client: 'b' }],
    [201, 201, 429, 429],
  ],
  'forged-identity-served': [
    [{ status: 429 }, { status: 429, sent: { 'x-real-ip': '203.0.113.1' } }],
    [429, 200],
  ],
  'one-request-in-progress-too-many': [
    [{ status: 409 }, { status: 409, phase: during({ action: 'at once', endpoint: 'ask' }) }],
    [409, 200],
  ],
  'neighbour-refused': [
    [{ status: 200, client: 'b' }, { status: 429 }, { client: 'b' }, { client: 'a' }],
    [200, 429, 429, 200],
  ],
  'refusal-while-the-breaker-is-closed': [
    [
      { phase: during({ action: 'opening' }) },
      { phase: during({ action: 'below' }) },
      { phase: during({ action: 'below' }) },
    ],
    [200, 503, 200],
  ],
  'made-up-success-while-open': [
    [
      { phase: during({ action: 'closed' }), status: 503 },
      { phase: during({ action: 'open' }), status: 503 },
    ],
    [503, 200],
  ],
  'failure-hidden-by-a-made-up-success': [
    [
      { phase: during({ action: 'steady' }), status: 502 },
      { phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }), status: 502 },
    ],
    [502, 200],
  ],
  'fallback-fails': [
    [
      { phase: during({ action: 'no fallback', fault: '500', failing: ['llm'], endpoint: 'ask' }) },
      { phase: during({ action: 'fallback', fault: '500', failing: ['llm'], endpoint: 'ask' }) },
    ],
    [200, 502],
  ],
  'slow-call-given-up-early': [
    [
      { phase: during({ action: 'too late', breaker: 'llm' }) },
      { phase: during({ action: 'in time', breaker: 'llm' }) },
    ],
    [200, 504],
  ],
  'call-fails-under-load': [
    [
      { phase: during({ action: 'calm before' }) },
      { phase: during({ action: 'spike' }), status: 503 },
      { phase: during({ action: 'spike' }) },
      { phase: during({ action: 'spike' }) },
    ],
    [200, 503, 500, 200],
  ],
  'endpoint-fails': [
    [
      { phase: during({ action: 'steady' }) },
      { phase: during({ action: 'endpoint', endpoint: 'ask' }) },
      { phase: during({ action: 'endpoint', endpoint: 'list' }), endpoint: 'list' },
    ],
    [200, 500, 200],
  ],
  'worthless-credentials-accepted': [
    [
      { phase: during({ action: 'endpoint', endpoint: 'ask' }), status: 401 },
      { phase: during({ action: 'without proof', endpoint: 'ask' }), status: 401 },
    ],
    [401, 200],
  ],
  'health-fails': [
    [
      { phase: during({ action: 'open' }) },
      { phase: during({ action: 'steady' }), endpoint: 'health' },
      { phase: during({ action: 'open' }), endpoint: 'health' },
    ],
    [200, 200, 503],
  ],
  'pool-serves-one-too-many': [
    [
      { phase: during({ action: 'locked' }), status: 503 },
      { phase: during({ action: 'locked' }), status: 503 },
    ],
    [200, 503],
  ],
  'acknowledged-without-a-row': [
    [
      { phase: during({ action: 'steady' }), status: 503 },
      { phase: during({ action: 'database outage', fault: 'stop' }), status: 503 },
    ],
    [503, 200],
  ],
  'refusal-after-callers-left': [
    [
      { phase: after({ action: 'left in trial', breaker: 'llm' }) },
      { phase: after({ action: 'left', endpoint: 'ask', upstream: 'llm' }) },
      { phase: after({ action: 'left', endpoint: 'ask', upstream: 'llm' }) },
    ],
    [200, 503, 200],
  ],
  'refusals-after-an-abandoned-trial': [
    [
      { phase: after({ action: 'left', endpoint: 'ask', upstream: 'llm' }) },
      { phase: after({ action: 'left in trial', breaker: 'llm' }) },
      { phase: after({ action: 'left in trial', breaker: 'llm' }) },
    ],
    [200, 503, 503],
  ],
  'accepted-work-told-as-lost': [
    [
      { status: 202 },
      { phase: during({ action: 'accepts work', endpoint: 'ask', upstream: 'llm' }), status: 503 },
      { phase: during({ action: 'accepts work', endpoint: 'ask', upstream: 'llm' }), status: 202 },
    ],
    [202, 503, 404],
  ],
  'call-fails-after-lost-connections': [
    [{ phase: during({ action: 'connections lost' }) }, { phase: during({ action: 'connections lost' }), status: 503 }],
    [200, 500],
  ],
  'ready-while-ending': [
    [
      { endpoint: 'health', status: 503, phase: during({ action: 'terminated', signal: 'SIGTERM' }) },
      { endpoint: 'health', status: 503, phase: during({ action: 'streams at SIGTERM' }), endingMs: 600 },
      { endpoint: 'health', status: 503, phase: during({ action: 'terminated', signal: 'SIGTERM' }), endingMs: 600 },
      { endpoint: 'health', status: 503, phase: during({ action: 'calls hang at SIGTERM' }), endingMs: 600 },
      { endpoint: 'ask', status: 503, phase: during({ action: 'terminated', signal: 'SIGTERM' }), endingMs: 600 },
    ],
    [503, 503, 200, 200, 503],
  ],
  'new-requests-served-while-ending': [
    [
      { phase: during({ action: 'terminated', signal: 'SIGTERM' }), status: 503 },
      { phase: during({ action: 'terminated', signal: 'SIGTERM' }), status: 503, endingMs: 2_000 },
      { phase: during({ action: 'terminated', signal: 'SIGTERM' }), status: 503, endingMs: 2_000, endpoint: 'health' },
      { phase: during({ action: 'calls hang at SIGTERM' }), status: 503, endingMs: 2_000, tookMs: 499 },
      { phase: during({ action: 'calls hang at SIGTERM' }), status: 503, endingMs: 2_000, tookMs: 500 },
    ],
    [503, 200, 503, 200, 503],
  ],
  'read-refused-during-upstream-calls': [
    [
      { phase: during({ action: 'steady' }), endpoint: 'list' },
      { phase: during({ action: 'slow upstream', upstream: 'llm', endpoint: 'ask' }), endpoint: 'ask' },
      { phase: during({ action: 'slow upstream', upstream: 'llm', endpoint: 'ask' }), endpoint: 'list' },
    ],
    [200, 200, 503],
  ],
  'reads-refused-once-connections-are-back': [
    [
      { phase: during({ action: 'locked' }) },
      { phase: during({ action: 'locked again', round: 1 }) },
      { phase: during({ action: 'locked again', round: 1 }) },
    ],
    [200, 503, 503],
  ],
  'requests-in-progress-fail': [
    [
      { phase: during({ action: 'terminated', signal: 'SIGTERM' }) },
      { phase: during({ action: 'terminated', signal: 'SIGTERM' }), endingMs: 2_000 },
    ],
    [200, 500],
  ],
};

test.for(Object.entries(STATUSES))('%s changes the right answers', async ([name, [answers, statuses]]) => {
  const { see } = mutantIn(name);
  const seen: number[] = [];
  for (const answer of answers) seen.push((await see(answer)).status);
  expect(seen).toEqual(statuses);
});

test.for([
  ['refused-call-reaches-its-upstream', { status: 429 }],
  ['refused-call-reaches-its-upstream', { status: 429, endpoint: 'store' }],
  ['open-breaker-lets-a-call-through', { status: 503, phase: during({ action: 'open' }) }],
  [
    'open-breaker-lets-a-call-through',
    { status: 503, phase: after({ action: 'row', breaker: 'llm', faults: ['hang'] }) },
  ],
  ['trial-multiplied', { status: 503, phase: during({ action: 'half-open' }) }],
  ['next-trial-too-early', { status: 503, phase: during({ action: 'reopened' }) }],
  ['upstream-call-duplicated', { phase: during({ action: 'endpoint', endpoint: 'ask' }) }],
  [
    'upstream-call-duplicated',
    { phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }), status: 502 },
  ],
  ['connection-for-each-call', { phase: during({ action: 'one after another', upstream: 'llm' }) }],
  [
    'certificate-accepted',
    { phase: during({ action: 'impostor', upstream: 'llm', certificate: 'expired', endpoint: 'ask' }), status: 502 },
  ],
] as const)('%s calls the upstream past the service', async ([name, told]) => {
  const { see, called } = mutantIn(name);
  expect((await see({ ...told, phase: during({ action: 'recovered' }) })).status).toBe(
    'status' in told ? told.status : 200,
  );
  if (name !== 'refused-call-reaches-its-upstream') expect(called).toEqual([]);
  called.length = 0;
  await see(told);
  expect(called).toEqual(['llm']);
});

const STEADY = during({ action: 'steady' });
const IMPOSTOR = during({ action: 'impostor', upstream: 'llm', certificate: 'expired', endpoint: 'ask' });

test.for([
  ['plain-text-after-a-refused-certificate', [STEADY, IMPOSTOR, IMPOSTOR], 1],
  [
    'plain-text-after-a-refused-certificate',
    [IMPOSTOR, during({ action: 'impostor', upstream: 'llm', certificate: 'wrong-host', endpoint: 'ask' })],
    2,
  ],
  ['upstream-called-in-plain-text', [STEADY, IMPOSTOR], 1],
] as const)('%s calls the upstream without TLS', async ([name, phases, times]) => {
  const { see, called } = mutantIn(name);
  for (const phase of phases) expect((await see({ phase, status: 502 })).status).toBe(502);
  expect(called).toEqual(Array(times).fill('llm in plain text'));
});

test('an upstream that gets no plain text is passed over, and an endpoint that reaches none is not acted on', async () => {
  const endpoints = { ask: { reaches: ['mem', 'llm'], served: [200] }, health: { reaches: [], served: [200] } };
  const { act, called } = mutantIn('upstream-called-in-plain-text', { endpoints });
  expect(await act({ endpoint: 'health' })).toBe(undefined);
  expect(await act({ endpoint: 'ask' })).not.toBe(undefined);
  expect(called).toEqual(['mem in plain text', 'llm in plain text']);
});

const JSON_HEADERS = { 'Content-Type': 'application/json' };
const EVENTS = { body: 'data: a\n\ndata: b\n\n' };
const COMPLETE = { body: String(SERVED.body) };

test.for([
  ['secret-in-a-body', { headers: JSON_HEADERS, body: '{}' }, '{}\ns3cr3t-k3y'],
  ['stack-trace-in-a-body', { headers: JSON_HEADERS, body: '{}', status: 500 }, expect.stringContaining('Traceback')],
  ['stream-without-its-end', { ...COMPLETE, phase: during({ action: 'endpoint', endpoint: 'ask' }) }, 'data: a\n\n'],
  [
    'stream-without-its-end',
    { ...COMPLETE, phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }) },
    'data: a\n\n',
  ],
  [
    'stream-without-its-end',
    { ...EVENTS, phase: during({ action: 'failing', upstream: 'llm', fault: 'cut', endpoint: 'ask' }) },
    EVENTS.body,
  ],
  ['stream-at-the-end-cut-short', { ...EVENTS, phase: during({ action: 'streams at SIGTERM' }) }, 'data: a\n\n'],
  [
    'fallback-names-the-first-upstream',
    { ...EVENTS, phase: during({ action: 'fallback', fault: '500', failing: ['llm'], endpoint: 'ask' }) },
    String(SERVED.body),
  ],
  [
    'failed-stream-ends-as-if-complete',
    { ...EVENTS, phase: during({ action: 'failing', upstream: 'llm', fault: 'cut', endpoint: 'ask' }) },
    'data: a\n\ndata: [DONE]\n\n',
  ],
] as const)('%s changes a body', async ([name, told, body]) => {
  expect(String((await mutantIn(name).see(told)).body)).toEqual(body);
});

test('a line of the log is swallowed, or shows a secret once', () => {
  const { line: swallow } = mutantIn('transition-not-logged').hooks;
  const lines = ['breaker closed after 2 s', 'breaker closed', 'breaker opened after 2 s'];
  expect(lines.map((line) => swallow?.(line))).toEqual(['', undefined, undefined]);
  const { line: show } = mutantIn('secret-in-the-log').hooks;
  expect(['a', 'b'].map((line) => show?.(line))).toEqual(['a s3cr3t-k3y', undefined]);
});

test('no secret is shown that the contract allows, and no key that the first callers sent', () => {
  const secrets = ['KEYS', 'KEYS', 'DEMO', 'PASS'].map((name, index) => ({ name, forms: [`form ${index}`] }));
  const reasons: string[] = [];
  const impossible = (why: string) => void reasons.push(why);
  const secretIn = (allowed: object, authentication?: object) =>
    secretOf({ contract: { secrecy: { allowed }, authentication }, sought: { secrets }, impossible } as never);
  expect(secretIn({})).toBe('form 3');
  expect(secretIn({ log: ['PASS'], responses: { debug: ['DEMO'] } })).toBe('form 1');
  expect(reasons).toEqual([]);
  expect(secretIn({ log: ['PASS', 'DEMO', 'KEYS'] })).toBeUndefined();
  expect(reasons).toEqual(['the service has no secret that must not be shown anywhere']);
  expect(secretIn({}, { kind: 'api-key', keySetting: 'PASS' })).toBe('key250-form 3');
});

test('a burst that the script repeats gets another request beyond the limit', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { see } = mutantIn('one-request-beyond-the-limit');
  const statuses = [];
  for (const status of [200, 429, 429]) statuses.push((await see({ status })).status);
  // A window lasts a second.
  vi.advanceTimersByTime(1_000);
  for (const status of [200, 429, 429]) statuses.push((await see({ status })).status);
  expect(statuses).toEqual([200, 200, 429, 200, 200, 429]);
});

/** Answers that a mutant can't change. */
test.for([
  ['retry-after-too-short', { status: 429, headers: { 'Retry-After': '0' } }],
  ['retry-after-too-short', { status: 429, headers: { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' } }],
  ['retry-after-too-long', { status: 429, headers: { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' } }],
  ['reset-off-by-2', { headers: { 'X-RateLimit-Limit': '20', 'X-RateLimit-Remaining': '5' } }],
  ['secret-in-a-body', { headers: { ...JSON_HEADERS, 'Content-Encoding': 'gzip' } }],
  ['open-breaker-lets-a-call-through', { phase: after({ action: 'opening' }), status: 503 }],
  ['hung-trial-kept-waiting', { phase: during({ action: 'hung trial', breaker: 'llm' }), status: 503, tookMs: 20 }],
  ['hanging-call-kept-waiting', { phase: undefined, status: 503, tookMs: 20 }],
] as const)('%s does not act on an answer that it can not change, or must not', async ([name, told]) => {
  expect(await mutantIn(name).act(told)).toBe(undefined);
});

test('the answer with a token is not changed, because scripts read it', async () => {
  const told = { headers: JSON_HEADERS, body: '{"token":"a"}' };
  const authentication = { kind: 'login', endpoint: 'ask', token: 'token' };
  expect(await mutantIn('secret-in-a-body', { authentication }).act(told)).toBe(undefined);
  expect(await mutantIn('secret-in-a-body').act(told)).not.toBe(undefined);
});

test('trials can not be multiplied if the contract allows any number of them', async () => {
  const { act, reasons } = mutantIn('trial-multiplied', {
    breakers: { llm: { upstream: 'llm', endpoint: 'ask', refusal: 503, trials: 'any' } },
  });
  expect(await act({ phase: during({ action: 'half-open' }), status: 503 })).toBe(undefined);
  expect(reasons).toEqual(['the contract allows any number of trials']);
});

test('a token bucket lets a few requests through, because it may have a part of a token', async () => {
  const { see } = mutantIn('one-request-beyond-the-limit', { limiter: { window: 'token-bucket' } });
  const statuses = [];
  for (const status of [200, 429, 429, 429, 429]) statuses.push((await see({ status })).status);
  expect(statuses).toEqual([200, 200, 200, 200, 429]);
});

test('a retry is not late because of another endpoint that is asked meanwhile', async () => {
  const { see, called } = mutantIn('retry-too-late');
  expect(
    (
      await see({
        phase: during({ action: 'failing', upstream: 'llm', fault: '500', endpoint: 'ask' }),
        endpoint: 'health',
      })
    ).status,
  ).toBe(200);
  expect(called).toEqual([]);
});

test('the settings of a start are ignored, or weakened', () => {
  const ignore = (...all: Record<string, string>[]) => {
    const { settings } = mutantIn('unsafe-settings-ignored').hooks;
    return all.map((one) => settings?.(one));
  };
  expect(ignore({ KEY: 'long' }, { KEY: '' }, { KEY: '' })).toEqual([undefined, {}, undefined]);
  expect(ignore({ DEBUG: 'true' })).toEqual([{}]);
  const { settings: weaken } = mutantIn('strong-secret-weakened').hooks;
  expect([{ KEY: 'long' }, { KEY: '' }].map((one) => weaken?.(one))).toEqual([{ KEY: '' }, undefined]);
});
