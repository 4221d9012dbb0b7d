import { expect, test } from 'vitest';
import { BREAKER } from '../../../../harness/checkers/breaker/index.ts';
import { FALLBACK } from '../../../../harness/checkers/fallback/index.ts';
import type { Checker, Facts } from '../../../../harness/checkers/lib/checker.ts';
import type { PlannedPhase } from '../../../../harness/contract/phases.ts';
import { History } from '../../../../harness/history/history.ts';
import { withAllCases } from '../../../../harness/judge/expected-cases.ts';
import service from '../../../../service/proofload.config.ts';
import { begun, type FactsOptions, facts, factsOf, request } from '../../../support/history.ts';
import { factsOf as routedWith } from '../fallback/routed.ts';

const LLM = service.breakers.llm;
const NUMBERS = { recoverySeconds: 2, callTimeoutSeconds: 1 };

/** Facts about the reference service with another breaker of the LLM. */
const withBreaker = (described: object, counted: object, options: FactsOptions = {}): Facts =>
  factsOf(
    {
      ...service,
      secrecy: undefined,
      endpoints: {
        ...service.endpoints,
        'conversation-end': { ...service.endpoints['conversation-end'], cancels: { withinSeconds: 1 } },
      },
      breakers: { ...service.breakers, llm: { ...LLM, ...described } },
      profiles: {
        ...service.profiles,
        fast: { ...service.profiles.fast, breakers: { ...service.profiles.fast.breakers, llm: counted } },
      },
    } as Parameters<typeof factsOf>[0],
    { breaker: 'llm', ...options },
  );

const faults = ['status 503', 'reset'];
const OUTAGE: PlannedPhase[] = [
  { action: 'below' },
  { action: 'below again' },
  { action: 'below after a while' },
  { action: 'half-open' },
];
const POLICY: PlannedPhase[] = [
  { action: 'row', breaker: 'llm', faults },
  { action: 'crowd in trial', breaker: 'llm' },
  { action: 'row', breaker: 'llm', faults },
  { action: 'row with retries', breaker: 'llm', faults },
  { action: 'ignored', breaker: 'llm', faults },
  { action: 'harmless', breaker: 'llm', faults },
];
const FALLING: PlannedPhase[] = [
  { action: 'fallback', fault: '503', failing: ['llm'], endpoint: 'chat' },
  { action: 'fallback', fault: '503', failing: ['llm', 'backup'], endpoint: 'chat' },
  { action: 'no fallback', fault: '422', failing: ['llm'], endpoint: 'chat' },
  { action: 'fallback outage', endpoint: 'chat' },
  { action: 'fallback open', endpoint: 'chat' },
  { action: 'fallback half-open', endpoint: 'chat' },
  { action: 'fallback spares', fault: '400', endpoint: 'chat' },
];

const planning = (of: Facts, plan: readonly PlannedPhase[]): Facts => ({
  ...of,
  proof: { ...of.proof, plan: [...plan] },
});

const WAITING = { duringTrial: 'wait', counts: 'attempts' };
const RATED = { ...NUMBERS, opens: { rate: 0.5, window: { seconds: 10 }, minimum: 6 } };
/** Contracts with each kind of case. */
const CONTRACTS = {
  'the reference service': planning(facts('llm'), [...OUTAGE.slice(0, 2), ...OUTAGE.slice(3)]),
  'a breaker that callers wait for': withBreaker(
    WAITING,
    { ...NUMBERS, threshold: 3 },
    { plan: [...OUTAGE, ...POLICY] },
  ),
  'a breaker of rates, with several trials': withBreaker({ trials: 3, trialsToClose: 2, retryAfter: true }, RATED, {
    plan: [...OUTAGE, ...POLICY],
  }),
  'a fallback': planning(routedWith({ told: { header: 'X-Model' } }), FALLING),
};

/** The tags of the calls with which breakers with a threshold are opened and watched. */
const watchedIn = ({ numbers: { breakers } }: Facts) =>
  Object.keys(breakers)
    .filter((name) => breakers[name]?.threshold !== undefined)
    .flatMap((name) =>
      ['failure of', 'recovery of', 'look at', 'trial of'].map((what) => ({ about: `${what} ${name}` })),
    );

/** A history in which these phases and those of an outage begin. Each endpoint is called while the breaker is open. */
function played(of: Facts, plan: readonly PlannedPhase[]): History {
  const phases = plan.map((phase, index) => begun(index + 1, phase, index * 1_000, 0));
  const tags = Object.keys(of.contract.endpoints).map((endpoint) => ({ phase: '900', endpoint }));
  return new History([
    ...phases,
    begun(900, { action: 'open' }, 800_000, 0),
    ...[...tags, ...watchedIn(of)].map((one) => request(800_001, 5, 0, one)),
    begun(901, { action: 'end' }, 900_000, 0),
  ]);
}

const casesOf = (checker: Checker, of: Facts): string[] | undefined =>
  checker
    .cases?.(of)
    ?.map(({ check }) => check)
    .sort();
const checksOf = (checker: Checker, of: Facts, plan: readonly PlannedPhase[] = of.proof.plan ?? []): string[] =>
  checker
    .judge(played(of, plan), of)
    .map(({ check }) => check)
    .sort();

/** Each checker with each contract that has the breaker or the fallback which it is about. */
const ROWS = Object.entries(CONTRACTS).flatMap(([name, of]) =>
  (of.breaker === undefined ? FALLBACK : BREAKER).checkers.map((checker) => ({ name, of, checker })),
);

test.each(ROWS)('the cases of $checker.name are the checks of its findings about $name', ({ checker, of }) => {
  expect(casesOf(checker, of)).toEqual(checksOf(checker, of));
});

test.each(ROWS)('a planned phase that never began leaves cases of $checker.name undecided about $name', (row) => {
  const { checker, of } = row;
  const plan = of.proof.plan ?? [];
  for (const index of plan.keys()) {
    const history = played(of, plan.toSpliced(index, 1));
    const missing = withAllCases(checker, checker.judge(history, of), of);
    expect(missing.map(({ check }) => check).sort()).toEqual(casesOf(checker, of));
    expect(missing.filter(({ verdict }) => verdict === 'PASS')).toEqual([]);
  }
});

test('each checker has cases in one of these contracts, and none of its cases is without a name', () => {
  const silent = [...BREAKER.checkers, ...FALLBACK.checkers].filter(
    (checker) => !ROWS.some((row) => row.checker === checker && (casesOf(checker, row.of) ?? []).length > 0),
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
});

/** A service whose only breaker promises nothing that is not required, and whose endpoints are served without it. */
const NOTHING = planning(
  {
    ...facts('llm'),
    contract: {
      ...facts().contract,
      endpoints: {
        only: { method: 'GET', path: '/', served: [200], reaches: [], servedWithout: ['groq'], onFault: {} } as never,
      },
      breakers: {
        llm: { ...facts().contract.breakers.llm, endpoint: 'only', log: undefined, retryAfter: false } as never,
      },
    },
    numbers: { ...facts().numbers, breakers: { llm: { ...RATED } as never } },
  },
  [],
);

const ALWAYS = [
  'breaker-opens',
  'breaker-refuses-at-once',
  'breaker-admits-one-trial',
  'breaker-reopens',
  'breaker-closes',
  'breaker-benefit',
];

test.each(
  [...BREAKER.checkers, ...FALLBACK.checkers].filter(
    ({ name }) => !ALWAYS.includes(name) && name !== 'breaker-stays-closed',
  ),
)('$name says why a contract without its promise has no case', (checker) => {
  expect(casesOf(checker, NOTHING)).toEqual([]);
  expect(checker.without).toMatch(/^\w/);
});

test.each([...BREAKER.checkers, ...FALLBACK.checkers].map((checker) => ({ checker })))(
  'the contract has the promises that cases of $checker.name name',
  ({ checker }) => {
    const rows = ROWS.filter((row) => row.checker === checker);
    for (const { of } of rows) {
      const { contract, numbers } = of;
      const paths = checker.cases?.(of)?.flatMap(({ promises }) => promises) ?? [];
      const unknown = paths.filter((path) => {
        const found = path.reduce<unknown>((part, name) => Object(part)[name], {
          ...contract,
          profiles: { '*': numbers },
        });
        return found === undefined || found === false;
      });
      expect(unknown).toEqual([]);
    }
  },
);
