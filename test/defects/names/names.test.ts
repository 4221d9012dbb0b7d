import { expect, test } from 'vitest';
import { loadContract } from '../../../harness/contract/load.ts';
import { written } from '../../harness/contract/contract-files.ts';
import { ALONE_MS } from '../../support/limits.ts';
import { decided } from '../../support/measured-again.ts';
import { differences, isUndecided, type Judgements } from './judgements.ts';
import { hostileNames, renamed, translator } from './renamed.ts';
import { runWithBothNames } from './run-with-both-names.ts';
import { SERVICES } from './services.ts';

test.each(SERVICES)('the contract of the service "$name" is valid with hostile names', async ({ contract }) => {
  const plain = await loadContract(contract);
  const names = hostileNames(plain);
  const hostile = await loadContract(await written(renamed(plain, names)));
  expect(Object.keys(hostile.endpoints).sort()).toEqual(Object.values(names.endpoints).sort());
  for (const kind of ['endpoints', 'upstreams', 'breakers'] as const) {
    expect(Object.keys(hostile[kind])).toHaveLength(Object.keys(plain[kind]).length);
    expect(Object.keys(hostile[kind]).filter((name) => Object.hasOwn(plain[kind], name))).toEqual([]);
  }
});

test('translates names back, also if one contains another one', () => {
  const names = {
    endpoints: { ask: 'a in b', list: 'a in b #2' },
    upstreams: {},
    breakers: { llm: 'toString' },
    starts: {},
  };
  const translate = translator(names);
  expect(translate('served: a in b #2, after a in b with toString')).toBe('served: list, after ask with llm');
});

const judged = (checks: Record<string, string>): Judgements =>
  new Map([['stress/smoke', new Map(Object.entries(checks))]]);

test.each([
  ['a missing check', judged({ served: 'PASS', 'upstreams of ask': 'PASS' }), judged({ served: 'PASS' }), 1],
  ['an additional check', judged({ served: 'PASS' }), judged({ served: 'PASS', more: 'PASS' }), 1],
  ['another verdict', judged({ served: 'FAIL' }), judged({ served: 'PASS' }), 1],
  ['a check that is not applicable', judged({ served: 'PASS' }), judged({ served: 'not applicable' }), 1],
  ['a scenario that is skipped', judged({ served: 'PASS' }), judged({ all: 'skipped' }), 2],
  ['a missing scenario', judged({ served: 'PASS', more: 'FAIL' }), new Map(), 2],
  ['nothing', judged({ served: 'PASS' }), judged({ served: 'PASS' }), 0],
])('%s differs', (_, plain, hostile, number) => {
  expect(differences(plain, hostile)).toHaveLength(number);
  expect(differences(hostile, plain).filter(isUndecided)).toEqual([]);
});

test('only an inconclusive check may say the same in another run', () => {
  const found = differences(judged({ a: 'PASS', b: 'FAIL' }), judged({ a: 'INCONCLUSIVE', b: 'PASS' }));
  expect(found.map((difference) => [difference.check, isUndecided(difference)])).toEqual([
    ['a', true],
    ['b', false],
  ]);
});

test(
  'a scenario has the same verdicts with hostile names',
  async () => {
    const contract = await loadContract('test/defects/callers/tenants.ts');
    const { signal } = new AbortController();
    const command = ['node', 'test/defects/callers/service.ts'];
    const [plain, hostile] = await decided(
      'stress/smoke with both names',
      () => runWithBothNames({ contract, command, scenarios: ['stress/smoke'], jobs: 1, signal }),
      (both) => differences(...both).find(isUndecided)?.check,
    );
    expect(plain.get('stress/smoke')?.size).toBeGreaterThan(10);
    expect(differences(plain, hostile)).toEqual([]);
  },
  ALONE_MS,
);
