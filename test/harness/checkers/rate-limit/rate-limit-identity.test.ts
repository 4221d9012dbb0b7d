import { expect, test } from 'vitest';
import { rateLimitIdentity } from '../../../../harness/checkers/rate-limit/rate-limit-identity.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, request, T0, verdicts } from '../../../support/history.ts';

const LENGTH = 2_000;
/** The start of a clock-aligned window, in milliseconds after T0. */
const FROM = Math.ceil(T0 / LENGTH) * LENGTH - T0;

interface Round {
  limit?: string;
  from?: number;
  /** How many of the plain requests were allowed, and how many were sent. */
  admitted?: number;
  plain?: number;
  claims?: number[];
  spellings?: number[];
  /** When the variants are sent, and how long each of them takes. */
  at?: number;
  ms?: number;
  round?: string;
}

/** A client of activities-suggest, which allows 12 requests in two seconds, or of another limit. */
function round(of: Round) {
  const { limit = 'activities-suggest', from = FROM, admitted = 12, plain = 13, round: name = '1' } = of;
  const { claims = [429], spellings = [429], at = 500, ms = 10 } = of;
  const send = (step: string, status: number, after: number, took: number) =>
    request(from + after, took, status, { limit, step, round: name, variant: `${step} ${status}` });
  return [
    ...Array.from({ length: plain }, (_, index) => send('plain', index < admitted ? 200 : 429, index, 10)),
    ...claims.map((status) => send('claim', status, at, ms)),
    ...spellings.map((status) => send('spelling', status, at, ms)),
  ];
}

function judged(rounds: Round[], { limit = 'activities-suggest', window = 'first-request' as const } = {}) {
  return judgedUnder(rounds, limit, window);
}

function judgedUnder(rounds: Round[], limit: string, window: 'first-request' | 'clock') {
  const known = facts();
  const under = { ...known, contract: { ...known.contract, limiter: { ...known.contract.limiter, window } } };
  const found = verdicts(rateLimitIdentity.judge(new History(rounds.flatMap(round)), under));
  return found[`forged identities gain nothing: ${limit}`];
}

test.each<[string, Round, string]>([
  ['all of them are refused', {}, 'PASS'],
  ['a claim is served', { claims: [429, 200] }, 'FAIL'],
  ['a spelling is served', { spellings: [429, 200] }, 'FAIL'],
  ['a spelling is not known', { spellings: [404] }, 'PASS'],
  ['a claim is refused otherwise', { claims: [400] }, 'PASS'],
  ['one was not answered', { claims: [0] }, 'INCONCLUSIVE'],
])('a client that has used up its limit, if %s', (_, given, expected) => {
  expect(judged([given])).toBe(expected);
});

test('if 404 counts as served, a claimed identity gains by it and another spelling does not', () => {
  const limit = 'conversation-read';
  const plain = { limit, admitted: 15, plain: 16 };
  expect(judged([{ ...plain, spellings: [404] }], { limit })).toBe('PASS');
  expect(judged([{ ...plain, claims: [404] }], { limit })).toBe('FAIL');
});

test.each<[string, Round]>([
  ['the limit was not used up', { admitted: 11 }],
  ['it was not seen to be used up', { plain: 12 }],
  ['more were admitted than it allows', { admitted: 13, plain: 14 }],
  ['the window may have ended before the last answer', { at: 1_990, ms: 10 }],
  ['there were no variants', { claims: [], spellings: [] }],
])('is inconclusive if %s', (_, given) => {
  expect(judged([{ claims: [200], ...given }])).toBe('INCONCLUSIVE');
});

test('the last moment of the window still counts', () => {
  expect(judged([{ at: 1_989, ms: 10 }])).toBe('PASS');
});

test('a window by the clock ends by the clock', () => {
  const late = { from: FROM + 1_000, at: 989, ms: 10 };
  expect(judgedUnder([late], 'activities-suggest', 'clock')).toBe('PASS');
  expect(judgedUnder([{ ...late, at: 990 }], 'activities-suggest', 'clock')).toBe('INCONCLUSIVE');
});

test('any round within a single window counts, if no earlier request counts any more', () => {
  const late: Round = { at: 1_990, claims: [200] };
  expect(judged([late, { from: FROM + 4_000, round: '2' }])).toBe('PASS');
  expect(judged([late, { from: FROM + 4_000, round: '2', claims: [200] }])).toBe('FAIL');
  expect(judged([late, { from: FROM + 3_999, round: '2' }])).toBe('INCONCLUSIVE');
});

/** Plain requests empty a bucket of 12 tokens, of which one comes back every 167 ms, and then the variants are tried. */
function triedWithBucket(tries: readonly { statuses: number[]; step?: string; after?: number; ms?: number }[]) {
  const send = (after: number, status: number, tags: Record<string, string>, ms = 5) =>
    request(after, ms, status, { limit: 'activities-suggest', ...tags });
  const plain = (after: number, status: number, round: string) => send(after, status, { step: 'plain', round });
  const known = facts();
  const limiter = { ...known.contract.limiter, window: 'token-bucket' as const };
  const events = tries.flatMap(({ statuses, step = 'claim', after = 0, ms }, index) => {
    const [round, from] = [String(index + 1), 200 + after];
    const variants = statuses.map((status) => send(from + 10, status, { step, round, variant: `any ${step}` }, ms));
    return [plain(from, 429, round), ...variants];
  });
  const full = Array.from({ length: 12 }, (_, index) => plain(index * 10, 200, '0'));
  const history = new History([...full, ...events]);
  const [found] = rateLimitIdentity
    .judge(history, { ...known, contract: { ...known.contract, limiter } })
    .filter(({ check }) => check.endsWith(': activities-suggest'));
  return found;
}

test.each<[string, Parameters<typeof triedWithBucket>[0], string]>([
  ['all requests of a variant are served', [{ statuses: [200, 200, 200] }], 'FAIL'],
  ['only a token that was refilled is served', [{ statuses: [200, 429, 429] }], 'PASS'],
  ['all are refused', [{ statuses: [429, 429, 429] }], 'PASS'],
  ['so many tokens may have been refilled', [{ statuses: [200, 200, 200], ms: 500 }], 'INCONCLUSIVE'],
  [
    'it was refused in another try',
    [
      { statuses: [200, 200, 200], ms: 500 },
      { statuses: [429, 429, 429], after: 800 },
    ],
    'PASS',
  ],
  ['one was not answered', [{ statuses: [200, 200, 0] }], 'INCONCLUSIVE'],
  ['another spelling is unknown', [{ step: 'spelling', statuses: [404, 404, 404] }], 'PASS'],
  ['nothing was tried', [], 'INCONCLUSIVE'],
])('with a bucket of tokens, if %s', (_, tries, expected) => {
  expect(triedWithBucket(tries)?.verdict).toBe(expected);
});

test('names the headers, agents and spellings that gain requests, each alone if possible', () => {
  const send = (step: string, variant: string, status = 200) =>
    request(FROM + 500, 10, status, { limit: 'activities-suggest', step, variant, round: '1' });
  const others = [
    send('addresses', 'X-A, X-B'),
    send('address', 'X-A'),
    send('address', 'X-B', 429),
    send('agent', 'probe/1'),
  ];
  const found = rateLimitIdentity
    .judge(new History([...round({ claims: [], spellings: [200] }), ...others]), { ...facts(), publicClients: true })
    .find(({ check }) => check.endsWith(': activities-suggest'));
  expect(found).toMatchObject({ evidence: ['spelling 200: 200', 'X-A: 200', 'probe/1: 200'], verdict: 'FAIL' });
  expect(found?.usually).toMatch(/header .*: X-A\. .*User-Agent .*: probe\/1\. .* path .*: spelling 200\.$/);
});

type Client = ReturnType<typeof facts>['contract']['client'];

/** What is found about a client that gains requests by an address header and by others. */
function gainedBy(steps: readonly string[], { client = 'socket' as Client, publicClients = false } = {}) {
  const { contract, ...rest } = facts();
  const sent = steps.map((step) =>
    request(FROM + 500, 10, 200, { limit: 'activities-suggest', step, variant: `any ${step}`, round: '1' }),
  );
  return rateLimitIdentity
    .judge(new History([...round({ claims: [], spellings: [] }), ...sent]), {
      ...rest,
      contract: { ...contract, client },
      ...(publicClients && { publicClients }),
    })
    .find(({ check }) => check.endsWith(': activities-suggest'));
}

test.each<Client>(['socket', 'key', 'user', { header: 'X-Tenant' }])(
  'address headers that clients on loopback gain by decide nothing, if the client is %j',
  (client) => {
    for (const step of ['address', 'addresses']) {
      const found = gainedBy([step], { client });
      expect(found).toMatchObject({
        verdict: 'INCONCLUSIVE',
        needsPublicClients: true,
        evidence: [`any ${step}: 200`],
      });
      expect(found?.usually).toMatch(/Rack trust by default.*setting for trusted proxies.*`unshare`/);
    }
  },
);

test('address headers that clients with public addresses gain by fail it, and the network is named', () => {
  const found = gainedBy(['address'], { publicClients: true });
  expect(found).toMatchObject({ verdict: 'FAIL', observed: '1 variants from 203.0.113.0/24: 1 × 200' });
  expect(found).not.toHaveProperty('needsPublicClients');
});

test('behind a proxy, which the service must trust, address headers fail it on loopback too', () => {
  expect(gainedBy(['address'], { client: { forwarded: { header: 'X-Forwarded-For', hop: 1 } } })?.verdict).toBe('FAIL');
});

test.each(['claim', 'agent', 'spelling'])('if %s is served as well, it alone is blamed', (step) => {
  const found = gainedBy(['address', step]);
  expect(found).toMatchObject({
    verdict: 'FAIL',
    evidence: [`any ${step}: 200`, 'any address: 200, but perhaps only on loopback'],
  });
  expect(found?.usually).not.toContain('any address');
  expect(found).not.toHaveProperty('needsPublicClients');
});

test('says that the User-Agent decides who the client is, if all agents gain requests', () => {
  const send = (variant: string, status: number) =>
    request(FROM + 500, 10, status, { limit: 'activities-suggest', step: 'agent', variant, round: '1' });
  const causeOf = (...statuses: number[]) =>
    rateLimitIdentity
      .judge(
        new History([
          ...round({ claims: [], spellings: [429] }),
          ...statuses.map((status, index) => send(`agent/${index}`, status)),
        ]),
        facts(),
      )
      .find(({ check }) => check.endsWith(': activities-suggest'))?.usually;
  expect(causeOf(200, 200, 200)).toMatch(/^The User-Agent decides who the client is: .*such as agent\/0; /);
  expect(causeOf(200, 200, 429)).toMatch(/^Requests with a certain User-Agent are exempt/);
  expect(causeOf(200, 200)).toMatch(/^Requests with a certain User-Agent are exempt/);
});

test('requests of callers without a name are no variants', () => {
  const { contract, ...rest } = facts();
  const limiter = { ...contract.limiter, window: 'token-bucket' as const };
  const send = (after: number, status: number, tags: Record<string, string>) =>
    request(after, 5, status, { limit: 'activities-suggest', ...tags });
  const plain = Array.from({ length: 13 }, (_, n) => send(n, n < 12 ? 200 : 429, { step: 'plain', round: '1' }));
  const claim = send(20, 429, { step: 'claim', variant: 'X-A', round: '1' });
  const unnamed = Array.from({ length: 29 }, () => send(500, 200, { step: 'unnamed', variant: 'without X-Tenant' }));
  const [found] = rateLimitIdentity
    .judge(new History([...plain, claim, ...unnamed]), { ...rest, contract: { ...contract, limiter } })
    .filter(({ check }) => check.endsWith(': activities-suggest'));
  expect(found?.verdict).toBe('PASS');
});
