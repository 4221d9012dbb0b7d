import { expect, test } from 'vitest';
import { redirectsGetNoCredentials } from '../../../../harness/checkers/upstream/redirects-get-no-credentials.ts';
import type { Receipt } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, redirected, request } from '../../../support/history.ts';

const PHASE = { action: 'redirected', upstream: 'groq', fault: '307 to https', endpoint: 'conversation-end' } as const;

/** A request to the upstream, which redirected it. */
const moved: Receipt = { ...receipt(1, 2, 1, 'groq', ['f1:redirect']), status: 307 };

/** Judges a call that got a status, with what arrived while it was in progress. */
function judge(status: number, arrived: readonly Receipt[], given = facts(), later: readonly Receipt[] = [], ms = 5) {
  const events = [
    begun(1, PHASE, 0, 0),
    request(1, ms, status, { phase: '1', endpoint: 'conversation-end' }),
    ...arrived,
    begun(2, { when: 'after', of: 1 }, 100, 800),
    request(101, 5, 201, { phase: '2', endpoint: 'conversation-end' }),
    ...later,
    begun(3, { action: 'steady again' }, 150, 900),
    // What comes later belongs to no redirect.
    redirected(901, 160, 'groq', { credentials: ['cookie'] }),
  ];
  return redirectsGetNoCredentials.judge(new History(events), given);
}

const hops = (n: number) => Array.from({ length: n }, (_, index) => redirected(2 + index, 3, 'groq'));

test.each([
  ['does not follow', [moved]],
  ['follows without credentials', [moved, redirected(2, 3, 'groq')]],
  ['follows 50 times', [moved, ...hops(50)]],
])('a service that %s passes', (_, arrived) => {
  expect(judge(502, arrived)).toMatchObject([
    { check: 'fails safely after a redirect: groq 307 to https, conversation-end', verdict: 'PASS' },
  ]);
});

test('a call that may have had no time to follow a redirect proves nothing', () => {
  expect(judge(502, [moved], facts(), [], 60_000)).toMatchObject([
    { verdict: 'INCONCLUSIVE', evidence: [expect.stringContaining('had no time to follow')] },
  ]);
});

test('credentials at the other host are a failure that names them and their protocol', () => {
  const leaked = redirected(2, 3, 'groq', { credentials: ['authorization: bearer', 'x-api-key'] });
  const [finding] = judge(502, [moved, leaked]);
  expect(finding).toMatchObject({
    verdict: 'FAIL',
    observed: '1 redirect, 1 request at the other host, 1 with credentials; 1 × 502',
    evidence: ['POST /x over https, with authorization: bearer, x-api-key'],
  });
  expect(finding?.usually).toContain('authorization: bearer, x-api-key reached another host.');
  expect(judge(502, [moved, { ...leaked, over: 'http' }])[0]?.usually).toContain(
    'reached another host, in clear text.',
  );
});

test('credentials in other headers than Authorization have their own cause', () => {
  const cause = (...credentials: string[]) =>
    judge(502, [moved, redirected(2, 3, 'groq', { credentials })])[0]?.usually;
  expect(cause('x-api-key')).toMatch(/remove only Authorization if the host changes\.$/);
  expect(cause('authorization', 'x-api-key')).toMatch(/Whoever can make groq redirect gets them\.$/);
});

test('credentials are a failure even if the redirect was not recorded', () => {
  expect(judge(502, [redirected(2, 3, 'groq', { credentials: ['cookie'] })])[0]?.verdict).toBe('FAIL');
});

test('redirects that are followed without a limit are a failure', () => {
  const [finding] = judge(502, [moved, ...hops(51)]);
  expect(finding).toMatchObject({
    verdict: 'FAIL',
    usually: expect.stringContaining('without a limit: one call led to 51 requests'),
  });
});

test('each attempt may follow redirects', () => {
  const { contract, ...others } = facts();
  const upstreams = {
    ...contract.upstreams,
    groq: { ...contract.upstreams.groq, calls: { attempts: 3, never: [], hints: [] } },
  };
  const given = { ...others, contract: { ...contract, upstreams } } as ReturnType<typeof facts>;
  expect(judge(502, [moved, ...hops(150)], given)[0]?.verdict).toBe('PASS');
  expect(judge(502, [moved, ...hops(151)], given)[0]?.verdict).toBe('FAIL');
});

test.each([
  [[moved], 'takes a redirect of groq for a success'],
  [[moved, redirected(2, 3, 'groq')], 'a host that responded with 503'],
])('a call that is served although its upstream redirects is a failure', (arrived, said) => {
  expect(judge(201, arrived)).toMatchObject([{ verdict: 'FAIL', usually: expect.stringContaining(said) }]);
});

test.each([{ servedWithout: ['groq'] }, { stream: { format: 'sse' } }])(
  'a call of an endpoint with %j may be served',
  (field) => {
    const given = facts();
    Object.assign(given.contract.endpoints['conversation-end'] ?? {}, field);
    expect(judge(201, [moved], given)[0]?.verdict).toBe('PASS');
  },
);

test.each([
  ['without a redirect', [receipt(1, 2, 1, 'groq')]],
  ['with a redirect of another upstream', [{ ...moved, upstream: 'mem0' }]],
])('a call %s proves nothing', (_, arrived) => {
  expect(judge(502, arrived)[0]?.verdict).toBe('INCONCLUSIVE');
});

test('a reason why there was no redirect is evidence', () => {
  const cut: Receipt = { ...receipt(1, 2, 1, 'groq'), status: null, unserved: 'redirects need another port' };
  expect(judge(502, [cut])).toMatchObject([{ verdict: 'INCONCLUSIVE', evidence: ['redirects need another port'] }]);
});

test('a redirect without a call proves nothing', () => {
  const events = [begun(1, PHASE, 0, 0), moved, begun(2, { action: 'end' }, 100, 900)];
  expect(redirectsGetNoCredentials.judge(new History(events), facts())[0]?.verdict).toBe('INCONCLUSIVE');
});

test('each planned redirect is a case', () => {
  const plan = [PHASE, { ...PHASE, endpoint: 'activities-suggest' }, { action: 'steady' } as const];
  const cases = redirectsGetNoCredentials.cases?.({ ...facts(), proof: { plan, beside: [], conditions: [] } });
  expect(cases?.map(({ check }) => check)).toEqual([
    'fails safely after a redirect: groq 307 to https, conversation-end',
    'fails safely after a redirect: groq 307 to https, activities-suggest',
  ]);
});

test('requests that go to the other host when the upstream redirects no more were remembered', () => {
  const later = redirected(801, 101, 'groq', { credentials: ['authorization: token'] });
  const cause = (arrived: readonly Receipt[], ...after: Receipt[]) => {
    const [finding] = judge(502, arrived, facts(), after);
    return [finding?.verdict, finding?.usually];
  };
  expect(cause([moved], later)).toEqual([
    'FAIL',
    expect.stringMatching(/^The service remembers a redirect of groq: afterwards, 1 request went/),
  ]);
  const leaked = redirected(2, 3, 'groq', { credentials: ['authorization: token'] });
  expect(cause([moved, leaked], later)[1]).toMatch(/^The service remembers .* sends its credentials along/);
  // It was redirected again.
  expect(cause([moved], { ...moved, seq: 801, at: moved.at + 100 }, { ...later, seq: 802 })[0]).toBe('PASS');
});

test('a redirect that is followed late is not remembered, but must get no credentials either', () => {
  const later = redirected(802, 101, 'groq', { credentials: ['authorization: token'] });
  const [finding] = judge(502, [moved], facts(), [receipt(801, 102, 1, 'groq'), later]);
  expect(finding).toMatchObject({ verdict: 'FAIL', usually: expect.stringMatching(/^The service follows redirects/) });
  expect(judge(502, [moved], facts(), [receipt(801, 102, 1, 'groq'), redirected(802, 101, 'groq')])[0]?.verdict).toBe(
    'PASS',
  );
});
