import { expect, test } from 'vitest';
import { failedToolsActOnce } from '../../../../harness/checkers/tools/failed-tools-act-once.ts';
import { failedToolsEndAlike } from '../../../../harness/checkers/tools/failed-tools-end-alike.ts';
import { A, call, judgedTalk, result, type Talk, toolFacts } from './tool-history.ts';

const PHASE = { action: 'tool fails', endpoint: 'ask', upstream: 'model', tool: 'order', fault: 'hang' } as const;
const HUNG = { unique: [A], status: null, faults: ['f1:hang'] };
const CALLED = [{ calls: [call(A)] }];
const FAILED = [...CALLED, { results: result('Error: no answer') }];

test.each<[string, Talk, once: string, alike: string]>([
  ['a hanging request alone', { turns: FAILED, effects: [HUNG] }, 'PASS', 'PASS'],
  [
    'another attempt with its key',
    {
      turns: CALLED,
      effects: [
        { ...HUNG, key: 'x' },
        { unique: [A], key: 'x' },
      ],
    },
    'PASS',
    'PASS',
  ],
  [
    'another attempt with another key',
    {
      turns: CALLED,
      effects: [
        { ...HUNG, key: 'x' },
        { unique: [A], key: 'y' },
      ],
    },
    'FAIL',
    'PASS',
  ],
  ['another attempt without a key', { turns: CALLED, effects: [HUNG, {}] }, 'FAIL', 'PASS'],
  ['a refused request that is told', { turns: FAILED, effects: [{ ...HUNG, status: 503 }] }, 'PASS', 'PASS'],
  ['a refused request in silence', { turns: CALLED, effects: [{ ...HUNG, status: 503 }] }, 'PASS', 'FAIL'],
  [
    'a refused request whose caller is told',
    { turns: CALLED, effects: [{ ...HUNG, status: 503 }], told: true },
    'PASS',
    'PASS',
  ],
  [
    'a result that nobody understands',
    { turns: [...CALLED, { results: result('Well.') }], effects: [{ ...HUNG, status: 503 }] },
    'PASS',
    'INCONCLUSIVE',
  ],
  ['a failure that met nothing', { turns: CALLED, effects: [{ unique: [A] }] }, 'INCONCLUSIVE', 'INCONCLUSIVE'],
  ['a model that is not asked', {}, 'INCONCLUSIVE', 'INCONCLUSIVE'],
])('judges %s', (_, talk, once, alike) => {
  const verdicts = [failedToolsActOnce, failedToolsEndAlike].map(
    (checker) => judgedTalk(checker, PHASE, talk)[0]?.verdict,
  );
  expect(verdicts).toEqual([once, alike]);
});

test('the result says which keys the attempts had', () => {
  const evidenceOf = (keys: readonly object[], facts = toolFacts()) =>
    judgedTalk(
      failedToolsActOnce,
      PHASE,
      { turns: CALLED, effects: keys.map((key) => ({ ...HUNG, ...key })) },
      facts,
    )[0]?.evidence;
  expect(evidenceOf([{ key: 'x' }, { key: 'y' }])).toEqual(['2 attempts with 2 keys in k']);
  expect(evidenceOf([{}, {}])).toEqual(['2 attempts without the header k']);
  const inPaths = toolFacts({ key: 'path' });
  expect(evidenceOf([{}, { path: '/orders/2' }], inPaths)).toEqual(['2 attempts with 2 keys in the path']);
  const unnamed = toolFacts({ key: undefined });
  expect(evidenceOf([{}, {}], unnamed)).toEqual([
    '2 attempts; the contract names no idempotency key (tools.order.key)',
  ]);
});

test('a tool that may act more than once is not judged, and its path may be its key', () => {
  const twice = { turns: CALLED, effects: [HUNG, HUNG] };
  expect(judgedTalk(failedToolsActOnce, PHASE, twice, toolFacts({ atLeastOnce: true }))).toEqual([]);
  expect(judgedTalk(failedToolsActOnce, PHASE, twice, toolFacts({ key: 'path' }))).toMatchObject([{ verdict: 'PASS' }]);
});
