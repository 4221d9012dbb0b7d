import { expect, onTestFinished, test, vi } from 'vitest';
import { CHECKERS, COMMON } from '../../../../harness/checkers/index.ts';
import { WIRE_MUTANTS } from '../../../../harness/wire/mutants/index.ts';
import { secretOf } from '../../../../harness/wire/mutants/secrets.ts';
import { mutantIn, SERVED, type Told } from '../fake-wire.ts';

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
    [{ status: 409 }, { status: 409, phase: 'at once: ask' }],
    [409, 200],
  ],
  'neighbour-refused': [
    [{ status: 200, client: 'b' }, { status: 429 }, { client: 'b' }, { client: 'a' }],
    [200, 429, 429, 200],
  ],
  'refusal-while-the-breaker-is-closed': [
    [{ phase: 'opening' }, { phase: 'below' }, { phase: 'below' }],
    [200, 503, 200],
  ],
  'made-up-success-while-open': [
    [
      { phase: 'closed', status: 503 },
      { phase: 'open', status: 503 },
    ],
    [503, 200],
  ],
  'failure-hidden-by-a-made-up-success': [
    [
      { phase: 'steady', status: 502 },
      { phase: 'failing llm 500 in ask', status: 502 },
    ],
    [502, 200],
  ],
  'fallback-fails': [
    [{ phase: 'no fallback 500 at llm in ask' }, { phase: 'fallback 500 at llm in ask' }],
    [200, 502],
  ],
  'slow-call-given-up-early': [
    [{ phase: 'too late: llm' }, { phase: 'in time: llm' }],
    [200, 504],
  ],
  'call-fails-under-load': [
    [{ phase: 'calm before' }, { phase: 'spike', status: 503 }, { phase: 'spike' }, { phase: 'spike' }],
    [200, 503, 500, 200],
  ],
  'endpoint-fails': [
    [{ phase: 'steady' }, { phase: 'endpoint ask' }, { phase: 'endpoint list', endpoint: 'list' }],
    [200, 500, 200],
  ],
  'worthless-credentials-accepted': [
    [
      { phase: 'endpoint ask', status: 401 },
      { phase: 'without proof: ask', status: 401 },
    ],
    [401, 200],
  ],
  'health-fails': [
    [{ phase: 'open' }, { phase: 'steady', endpoint: 'health' }, { phase: 'open', endpoint: 'health' }],
    [200, 200, 503],
  ],
  'pool-serves-one-too-many': [
    [
      { phase: 'locked', status: 503 },
      { phase: 'locked', status: 503 },
    ],
    [200, 503],
  ],
  'acknowledged-without-a-row': [
    [
      { phase: 'steady', status: 503 },
      { phase: 'outage stop', status: 503 },
    ],
    [503, 200],
  ],
  'refusal-after-callers-left': [
    [{ phase: 'after left in trial: llm' }, { phase: 'after left: ask at llm' }, { phase: 'after left: ask at llm' }],
    [200, 503, 200],
  ],
  'refusals-after-an-abandoned-trial': [
    [{ phase: 'after left: ask at llm' }, { phase: 'after left in trial: llm' }, { phase: 'after left in trial: llm' }],
    [200, 503, 503],
  ],
  'call-fails-after-lost-connections': [
    [{ phase: 'connections lost' }, { phase: 'connections lost', status: 503 }],
    [200, 500],
  ],
  'ready-while-ending': [
    [
      { endpoint: 'health', status: 503, phase: 'terminated by SIGTERM' },
      { endpoint: 'health', status: 503, phase: 'streams at SIGTERM', endingMs: 600 },
      { endpoint: 'health', status: 503, phase: 'terminated by SIGTERM', endingMs: 600 },
      { endpoint: 'health', status: 503, phase: 'calls hang at SIGTERM', endingMs: 600 },
      { endpoint: 'ask', status: 503, phase: 'terminated by SIGTERM', endingMs: 600 },
    ],
    [503, 503, 200, 200, 503],
  ],
  'new-requests-served-while-ending': [
    [
      { phase: 'terminated by SIGTERM', status: 503 },
      { phase: 'terminated by SIGTERM', status: 503, endingMs: 2_000 },
      { phase: 'terminated by SIGTERM', status: 503, endingMs: 2_000, endpoint: 'health' },
      { phase: 'calls hang at SIGTERM', status: 503, endingMs: 2_000, tookMs: 499 },
      { phase: 'calls hang at SIGTERM', status: 503, endingMs: 2_000, tookMs: 500 },
    ],
    [503, 200, 503, 200, 503],
  ],
  'read-refused-during-upstream-calls': [
    [
      { phase: 'steady', endpoint: 'list' },
      { phase: 'slow llm in ask', endpoint: 'ask' },
      { phase: 'slow llm in ask', endpoint: 'list' },
    ],
    [200, 200, 503],
  ],
  'reads-refused-once-connections-are-back': [
    [{ phase: 'locked' }, { phase: 'locked again 1' }, { phase: 'locked again 1' }],
    [200, 503, 503],
  ],
  'requests-in-progress-fail': [
    [{ phase: 'terminated by SIGTERM' }, { phase: 'terminated by SIGTERM', endingMs: 2_000 }],
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
  ['open-breaker-lets-a-call-through', { status: 503, phase: 'open' }],
  ['open-breaker-lets-a-call-through', { status: 503, phase: 'after row of llm: hang' }],
  ['trial-multiplied', { status: 503, phase: 'half-open' }],
  ['next-trial-too-early', { status: 503, phase: 'reopened' }],
  ['upstream-call-duplicated', { phase: 'endpoint ask' }],
  ['upstream-call-duplicated', { phase: 'failing llm 500 in ask', status: 502 }],
  ['connection-for-each-call', { phase: 'one after another at llm' }],
  ['certificate-accepted', { phase: 'impostor llm expired in ask', status: 502 }],
] as const)('%s calls the upstream past the service', async ([name, told]) => {
  const { see, called } = mutantIn(name);
  expect((await see({ ...told, phase: 'recovery' })).status).toBe('status' in told ? told.status : 200);
  if (name !== 'refused-call-reaches-its-upstream') expect(called).toEqual([]);
  called.length = 0;
  await see(told);
  expect(called).toEqual(['llm']);
});

test.for([
  [
    'plain-text-after-a-refused-certificate',
    ['steady', 'impostor llm expired in ask', 'impostor llm expired in ask'],
    1,
  ],
  ['plain-text-after-a-refused-certificate', ['impostor llm expired in ask', 'impostor llm wrong-host in ask'], 2],
  ['upstream-called-in-plain-text', ['steady', 'impostor llm expired in ask'], 1],
] as const)('%s calls the upstream without TLS: %j', async ([name, phases, times]) => {
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
  ['stream-without-its-end', { ...COMPLETE, phase: 'endpoint ask' }, 'data: a\n\n'],
  ['stream-without-its-end', { ...COMPLETE, phase: 'failing llm 500 in ask' }, 'data: a\n\n'],
  ['stream-without-its-end', { ...EVENTS, phase: 'failing llm cut in ask' }, EVENTS.body],
  ['stream-at-the-end-cut-short', { ...EVENTS, phase: 'streams at SIGTERM' }, 'data: a\n\n'],
  ['fallback-names-the-first-upstream', { ...EVENTS, phase: 'fallback 500 at llm in ask' }, String(SERVED.body)],
  ['failed-stream-ends-as-if-complete', { ...EVENTS, phase: 'failing llm cut in ask' }, 'data: a\n\ndata: [DONE]\n\n'],
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
  ['open-breaker-lets-a-call-through', { phase: 'after opening', status: 503 }],
  ['hung-trial-kept-waiting', { phase: 'hung trial: llm', status: 503, tookMs: 20 }],
  ['hanging-call-kept-waiting', { phase: '', status: 503, tookMs: 20 }],
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
  expect(await act({ phase: 'half-open', status: 503 })).toBe(undefined);
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
  expect((await see({ phase: 'failing llm 500 in ask', endpoint: 'health' })).status).toBe(200);
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
