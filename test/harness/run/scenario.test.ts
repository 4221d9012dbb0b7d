import { expect, test } from 'vitest';
import { unknownChecker } from '../../../harness/checkers/index.ts';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { loadScenario } from '../../../harness/run/scenario.ts';
import { names, reference, skippedWithout } from './promises-everything.ts';

/** A contract that promises as little as possible. */
const NOTHING = {
  breakers: {},
  conditions: {},
  pool: undefined,
  ledger: undefined,
  termination: undefined,
  secret: undefined,
  refusedStarts: undefined,
  capacity: undefined,
  cpu: undefined,
  profiles: { fast: {} },
};

/** Expects these scenarios to be skipped, and others only for the same reasons. */
async function expectSkipped(change: object, expected: Readonly<Record<string, string>>): Promise<void> {
  const skipped = await skippedWithout(change);
  expect(skipped).toMatchObject(expected);
  expect(new Set(Object.values(skipped))).toEqual(new Set(Object.values(expected)));
}

const { fast, production, changed } = reference.profiles;
const { llm, memory } = reference.breakers;
const NO_CAPACITY = 'the contract describes no capacity in this profile';

test.each<[string, object, Readonly<Record<string, string>>]>([
  ['a secret', { secret: undefined }, { 'chaos/weak-secret': 'the contract describes no secret' }],
  ['refused starts', { refusedStarts: undefined }, { 'chaos/unsafe-start': 'the contract describes no refusedStarts' }],
  [
    'other numbers',
    { profiles: { fast } },
    {
      'stress/changed-numbers': 'the contract has no profile "changed"',
      'stress/specified-numbers': 'the contract has no profile "production"',
    },
  ],
  [
    'rate-limit headers',
    { limiter: { window: 'first-request', retryAfter: false } },
    { 'stress/header-truth': 'the contract describes no limiter.headers and no limiter.retryAfter' },
  ],
  [
    'endpoints without the upstream',
    { breakers: { llm: { ...llm, untouched: [] }, memory } },
    { 'chaos/llm-isolation': 'the contract describes no breakers.llm.untouched' },
  ],
  ['load', { capacity: undefined }, { 'load/ramp': NO_CAPACITY, 'load/soak': NO_CAPACITY, 'load/spike': NO_CAPACITY }],
  [
    'the impostor of the database',
    { tls: { refused: [] } },
    { 'chaos/database-impostor': 'the contract describes no certificate that has to be refused (tls.refused)' },
  ],
])('skips scenarios about %s if the contract says nothing about it', async (_, change, expected) => {
  await expectSkipped(change, expected);
});

test('skips scenarios about a call timeout if the contract has none', async () => {
  const breaker = { threshold: 5, recoverySeconds: 2 };
  const both = { llm: breaker, memory: breaker };
  await expectSkipped(
    { profiles: { ...reference.profiles, fast: { ...fast, breakers: both } } },
    {
      'chaos/slow-upstream': 'the contract describes no callTimeoutSeconds of any breaker in this profile',
    },
  );
});

test('a single breaker of any name is judged, and only scenarios that need a second one are skipped', async () => {
  const { llm: payments } = reference.breakers;
  const profiles = {
    fast: { ...fast, breakers: { payments: fast.breakers.llm } },
    production: { ...production, breakers: { payments: production.breakers.llm } },
    changed: { ...changed, breakers: { payments: changed.breakers.llm } },
  };
  await expectSkipped(
    { breakers: { payments }, profiles },
    {
      'chaos/both-outages': 'the contract describes no second breaker in this profile',
    },
  );
});

test('skips scenarios about a breaker without numbers in the profile, and lists those with numbers', async () => {
  const { memory } = fast.breakers;
  const why = 'the contract describes no breaker "llm" in this profile; it has memory';
  await expectSkipped(
    { profiles: { fast: { ...fast, breakers: { memory } }, production, changed } },
    {
      'chaos/llm-breaker-benefit': why,
      'chaos/llm-isolation': why,
      'chaos/llm-outage': why,
      'chaos/llm-failure-policy': why,
      'chaos/both-outages': 'the contract describes no second breaker in this profile',
    },
  );
});

test('skips scenarios about a breaker whose failures may all be repeated', async () => {
  const upstreams = { ...reference.upstreams, groq: { ...reference.upstreams.groq, calls: { attempts: 3 } } };
  const once = 'with a failure that is never repeated (upstreams.NAME.calls.never), such as body';
  const why = `the contract describes no breaker "llm" ${once}; it has memory`;
  await expectSkipped(
    { upstreams },
    {
      'chaos/llm-breaker-benefit': why,
      'chaos/llm-isolation': why,
      'chaos/both-outages': 'the contract describes no second breaker in this profile',
    },
  );
  expect(await skippedWithout({ upstreams, breakers: { llm } })).toMatchObject({
    'chaos/late-results': `the contract describes no breaker ${once}`,
  });
});

test('skips scenarios about a breaker whose calls are served by another upstream', async () => {
  const main = { ...reference.endpoints['conversation-end'], fallback: ['groq', 'backup'] };
  const why =
    'the contract describes no breaker "llm" whose endpoint fails without its upstream (fallback, servedWithout); it has memory';
  await expectSkipped(
    { endpoints: { ...reference.endpoints, 'conversation-end': main } },
    {
      'chaos/llm-breaker-benefit': why,
      'chaos/llm-isolation': why,
      'chaos/llm-outage': why,
      'chaos/llm-failure-policy': why,
      'chaos/both-outages': 'the contract describes no second breaker in this profile',
    },
  );
});

test('judges a breaker by failures that are never repeated, but not its timeouts if those are repeated', async () => {
  const calls = { attempts: 3, on: ['timeout', '5xx'], never: ['body'] };
  const upstreams = { ...reference.upstreams, groq: { ...reference.upstreams.groq, calls } };
  await expectSkipped(
    { upstreams, breakers: { llm } },
    {
      'chaos/both-outages': 'the contract describes no second breaker in this profile',
      'chaos/slow-upstream':
        'the contract describes no breaker with callTimeoutSeconds whose calls are never repeated after a timeout',
    },
  );
});

test('skips scenarios about limits if there are none, and does not ask how to switch them off', async () => {
  const without = { limits: {} };
  const profiles = {
    fast: { ...fast, ...without },
    production: { ...production, ...without },
    changed: { ...changed, ...without },
  };
  const { 'no-rate-limits': _, ...conditions } = reference.conditions;
  const skipped = await skippedWithout({ profiles, conditions });
  expect(Object.keys(skipped)).toEqual(
    expect.arrayContaining([
      'stress/header-truth',
      'stress/identity',
      'stress/limit-benefit',
      'stress/limit-costs',
      'stress/rate-limits',
      'stress/replicas',
      'stress/window-boundary',
    ]),
  );
  expect(new Set(Object.values(skipped))).toEqual(new Set(['the contract describes no limit in this profile']));
});

test('skips scenarios that need limits switched off if the contract does not say how', async () => {
  const skipped = await skippedWithout({ conditions: {} });
  expect(skipped['chaos/llm-outage']).toBe('the contract does not define "no-rate-limits" (conditions.no-rate-limits)');
  expect(skipped).not.toHaveProperty('stress/rate-limits');
  expect(skipped['chaos/llm-breaker-benefit']).toBe(
    'the contract does not define "no-rate-limits" (conditions.no-rate-limits)',
  );
  expect(skipped['stress/replicas']).toBe(
    'the contract does not define "shared-limit-store" (conditions.shared-limit-store)',
  );
});

test('skips scenarios that need another setting if the contract has no condition for it', async () => {
  const { 'no-rate-limits': limitless } = reference.conditions;
  expect(await skippedWithout({ conditions: { 'no-rate-limits': limitless } })).toMatchObject({
    'chaos/llm-breaker-benefit': 'the contract does not define "no-breakers" (conditions.no-breakers)',
    'chaos/memory-breaker-benefit': 'the contract does not define "no-breakers" (conditions.no-breakers)',
    'stress/replicas': 'the contract does not define "shared-limit-store" (conditions.shared-limit-store)',
    'chaos/count-429': 'the contract does not define "count-429" (conditions.count-429)',
    'chaos/ignore-429': 'the contract does not define "ignore-429" (conditions.ignore-429)',
    'chaos/late-results': 'the contract does not define "long-calls" (conditions.long-calls)',
    'chaos/database-impostor': 'the contract does not define "verified-database" (conditions.verified-database)',
    'chaos/unverified-upstreams':
      'the contract does not define "unverified-upstreams" (conditions.unverified-upstreams)',
  });
});

test('skips a scenario about work that is finished later if no endpoint promises it', async () => {
  const { finishesLater, ...end } = reference.endpoints['conversation-end'];
  expect(finishesLater.accepted).toEqual([502]);
  const skipped = await skippedWithout({ endpoints: { ...reference.endpoints, 'conversation-end': end } });
  expect(skipped['chaos/accepted-work']).toBe(
    'the contract describes no endpoint that finishes accepted work by itself (endpoints.NAME.finishesLater)',
  );
});

test('without a promise of what limits count, only the time after trouble is judged', async () => {
  const uncounted = { ...reference, limiter: { window: 'first-request', retryAfter: false } };
  const loaded = await loadScenario('stress/limit-costs', contractSchema.parse(uncounted), 'fast');
  if ('skipped' in loaded) throw new Error(loaded.skipped);
  expect(loaded.proof.holds).not.toContain('rate-limit-costs');
  expect(new Set(loaded.proof.plan?.map(({ action }) => action))).toEqual(new Set(['after trouble']));
});

test('skips the costs of refused requests if they are not promised and nothing can fail', async () => {
  const { path, method, served } = reference.endpoints.health;
  const contract = contractSchema.parse({
    name: 'a service without upstreams',
    start: reference.start,
    endpoints: { health: { path, method, served } },
    limiter: { window: 'first-request' },
    profiles: { fast: { limits: { health: { max: 5, windowSeconds: 2 } } } },
  });
  expect(await loadScenario('stress/limit-costs', contract, 'fast')).toMatchObject({
    skipped: 'the contract describes no limiter.counts',
  });
});

test.each(['token-bucket', 'weighted'])(
  'skips scenarios about windows if limits are of the kind %s',
  async (window) => {
    const skipped = await skippedWithout({ limiter: { ...reference.limiter, window, retryAfter: false } });
    expect(Object.keys(skipped)).toEqual(
      expect.arrayContaining([
        'stress/header-truth',
        'stress/limit-costs',
        'stress/replicas',
        'stress/window-boundary',
      ]),
    );
    const why = `the contract describes no window at whose end a limit begins anew: limiter.window is ${window}`;
    expect(new Set(Object.values(skipped))).toEqual(new Set([why]));
  },
);

test('skips scenarios about breakers with one reason if the contract describes none', async () => {
  const without = { breakers: {} };
  const profiles = {
    fast: { ...fast, ...without },
    production: { ...production, ...without },
    changed: { ...changed, ...without },
  };
  const skipped = await skippedWithout({ breakers: {}, profiles });
  expect(Object.keys(skipped)).toContain('chaos/both-outages');
  expect(Object.keys(skipped)).toContain('chaos/slow-upstream');
  expect(Object.keys(skipped).filter((name) => name.endsWith('outage'))).toEqual(['chaos/outage']);
  expect(new Set(Object.values(skipped))).toEqual(new Set(['the contract describes no breaker in this profile']));
});

test('a scenario names only checks that exist, and its subject also if it is skipped', async () => {
  const all = contractSchema.parse(reference);
  const none = contractSchema.parse({ ...reference, ...NOTHING, breakers: reference.breakers });
  const words = new Set<string>();
  for (const name of names) {
    const [held, skipped] = [await loadScenario(name, all, 'fast'), await loadScenario(name, none, 'fast')];
    const { judges, holds = [] } = 'proof' in held ? held.proof : { ...held, ...held.scenario?.proof };
    expect(unknownChecker(holds)).toBeUndefined();
    expect(judges).toMatch(/^[a-zA-Z0-9 -]{4,35}$/);
    if ('skipped' in skipped) expect(skipped.judges).toBe(judges);
    words.add(judges);
  }
  expect(words.size).toBe(names.length);
});
