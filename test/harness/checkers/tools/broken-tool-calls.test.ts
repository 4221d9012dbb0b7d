import { expect, test } from 'vitest';
import { brokenToolCallsDoNothing } from '../../../../harness/checkers/tools/broken-tool-calls-do-nothing.ts';
import { brokenToolCallsTold } from '../../../../harness/checkers/tools/broken-tool-calls-told.ts';
import { begun, receipt, T0 } from '../../../support/history.ts';
import { A, B, call, judgedTalk, result, rows, type Talk, toolFacts } from './tool-history.ts';

const TABLE = [rows(-10), rows(150)];
const phaseOf = (fault: string) =>
  ({ action: 'broken tool calls', endpoint: 'ask', upstream: 'model', tool: 'order', fault }) as const;

const cut = call(A, 'cut after 7');
const FAILED = { results: result('Error: the arguments are truncated') };

test.each<[string, string, Talk, string, string]>([
  ['no effect', 'cut', { turns: [{ calls: [cut] }, FAILED] }, 'PASS', '0 effects of 1 broken call'],
  ['an effect', 'cut', { turns: [{ calls: [cut] }], effects: [{}] }, 'FAIL', '1 effect of 1 broken call'],
  [
    'an effect of a good call after it',
    'cut',
    { turns: [{ calls: [cut] }, { ...FAILED, calls: [call(B)] }], effects: [{ unique: [B] }] },
    'PASS',
    '1 effect of 1 broken call',
  ],
  [
    'an effect of a doubled call',
    'doubled',
    { turns: [{ calls: [call(A), call(A, 'twice')] }], effects: [{ unique: [A] }] },
    'PASS',
    '1 effect of 1 broken call',
  ],
  [
    'two effects of a doubled call',
    'doubled',
    { turns: [{ calls: [call(A), call(A, 'twice')] }], effects: [{ unique: [A] }, { unique: [A] }] },
    'FAIL',
    '2 effects of 1 broken call',
  ],
  [
    'good calls only',
    'cut',
    { turns: [{ calls: [call(A)] }], effects: [{ unique: [A] }] },
    'INCONCLUSIVE',
    'no call was broken',
  ],
  ['a model that is not asked', 'cut', {}, 'INCONCLUSIVE', 'ask did not ask model'],
])('broken calls do nothing: judges %s', (_, fault, talk, verdict, observed) => {
  const [finding] = judgedTalk(brokenToolCallsDoNothing, phaseOf(fault), { other: TABLE, ...talk });
  expect(finding).toMatchObject({ verdict, observed });
});

test('an effect names the flaw of the call before it', () => {
  const talk = { turns: [{ calls: [cut] }], effects: [{}], other: TABLE };
  const [finding] = judgedTalk(brokenToolCallsDoNothing, phaseOf('cut'), talk);
  expect(finding?.evidence).toEqual(['shop got POST /orders/1 after a call with this flaw: cut after 7']);
});

/** A good call before, whose result is known. */
const GOOD = [
  ...TABLE,
  begun(9, { action: 'tools act', endpoint: 'ask', upstream: 'model' }, -100, -10),
  { ...receipt(-5, -90, 1, 'model'), results: result('{"status":"placed","order":"order-17"}'), at: T0 - 90 },
];

test.each<[string, Talk, string]>([
  ['a result with an error', { turns: [{ calls: [cut] }, FAILED] }, 'PASS'],
  ['a caller who gets an error', { turns: [{ calls: [cut] }], told: true }, 'PASS'],
  ['a last answer at the end of a loop', { turns: [{ calls: [cut] }, { ...FAILED, calls: [cut] }] }, 'PASS'],
  ['silence', { turns: [{ calls: [cut] }] }, 'FAIL'],
  ['the result of a good call', { turns: [{ calls: [cut] }, { results: result('{"status":"placed"}') }] }, 'FAIL'],
  [
    'a result that nobody understands',
    { turns: [{ calls: [cut] }, { results: result('Please repeat it.') }] },
    'INCONCLUSIVE',
  ],
  ['an incomplete record', { turns: [{ calls: [cut] }, FAILED], told: null }, 'INCONCLUSIVE'],
  ['no broken call', { turns: [{ calls: [call(A)] }] }, 'INCONCLUSIVE'],
])('broken calls are told: judges %s', (_, talk, verdict) => {
  const [finding] = judgedTalk(brokenToolCallsTold, phaseOf('cut'), { ...talk, other: GOOD });
  expect(finding?.verdict).toBe(verdict);
});

test.each<[string, object, string[], Parameters<typeof toolFacts>[0]]>([
  ['doubled', { whole: true }, ['PASS', 'PASS'], {}],
  ['cut', {}, ['FAIL', 'INCONCLUSIVE'], {}],
  ['out of order', { whole: true }, ['PASS', 'PASS'], {}],
  ['out of order', {}, ['FAIL', 'INCONCLUSIVE'], {}],
  ['out of order', { whole: true }, ['FAIL', 'INCONCLUSIVE'], { outOfOrder: 'refused' }],
])('a flawed call may act once if all of it has arrived: %s, %j', (fault, whole, expected, tool) => {
  const flawed = { ...call(A, 'flaw'), ...whole };
  const talk = { turns: [{ calls: [flawed] }], effects: [{ unique: [A] }], other: GOOD };
  const verdicts = [brokenToolCallsDoNothing, brokenToolCallsTold].map(
    (checker) => judgedTalk(checker, phaseOf(fault), talk, toolFacts(tool))[0]?.verdict,
  );
  expect(verdicts).toEqual(expected);
});

test('the contract can describe the results of failed calls', () => {
  const talk = { turns: [{ calls: [cut] }, { results: result('Please repeat it.') }], other: GOOD };
  const verdictOf = (failed: string) =>
    judgedTalk(brokenToolCallsTold, phaseOf('cut'), talk, toolFacts({ failed }))[0]?.verdict;
  expect([verdictOf('^Please'), verdictOf('^Sorry')]).toEqual(['PASS', 'FAIL']);
});
