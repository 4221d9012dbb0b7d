import { expect, test } from 'vitest';
import { causesOf } from '../../../harness/verdict/causes.ts';
import { finding, scenarioResult } from '../../support/run-result.ts';

const fails = (check: string, more = {}) => finding(check, 'FAIL', more);
const titles = (...scenarios: ReturnType<typeof scenarioResult>[]) =>
  causesOf(scenarios).map(({ title, findings, followers }) => [title, findings.length, followers.length]);

test('equal checks of several scenarios are a single cause', () => {
  const once = { checker: 'upstream-attempts' };
  const a = scenarioResult('chaos/a', [fails('upstream called once', once)]);
  const b = scenarioResult('chaos/b', [fails('upstream called once', once)]);
  expect(titles(a, b)).toEqual([['upstream called once', 2, 0]]);
});

test('a cause is named by what its checks have in common, up to a colon', () => {
  const once = { checker: 'upstream-attempts' };
  const named = [fails('attempts at groq: reset, read', once), fails('attempts at groq: reset, end', once)];
  expect(titles(scenarioResult('chaos/a', named))).toEqual([['attempts at groq', 2, 0]]);
  const ignored = ['llm', 'memory'].map((name) => fails(`ignored by ${name}: status 422`, once));
  expect(titles(scenarioResult('chaos/a', ignored))).toEqual([['ignored by llm/memory', 2, 0]]);
  const longer = [fails('stays closed below', once), fails('stays closed below again', once)];
  expect(titles(scenarioResult('chaos/a', longer))).toEqual([['stays closed below', 2, 0]]);
  const other = [fails('opens: llm', { checker: 'x' }), fails('refuses: llm', { checker: 'x' })];
  expect(titles(scenarioResult('chaos/a', other))).toEqual([['opens: llm', 2, 0]]);
});

test('a consequence of another finding is not a cause', () => {
  const scenario = scenarioResult('chaos/a', [
    fails('opens at 5'),
    fails('refuses at once', { follows: 'opens at 5' }),
    finding('reopens', 'INCONCLUSIVE', { follows: 'opens at 5' }),
  ]);
  expect(titles(scenario)).toEqual([['opens at 5', 1, 2]]);
});

test.each([
  ['passed', [finding('opens at 5', 'PASS')]],
  ['is in another scenario', []],
  ['follows from something itself', [fails('opens at 5', { follows: 'refuses at once' })]],
])('a finding whose cause %s is a cause itself', (_, others) => {
  const scenario = scenarioResult('chaos/a', [...others, fails('refuses at once', { follows: 'opens at 5' })]);
  const elsewhere = scenarioResult('chaos/b', [fails('opens at 5')]);
  const [own] = causesOf([scenario, elsewhere]).filter(({ title }) => title === 'refuses at once');
  expect(own?.findings).toHaveLength(1);
});

test('failures come first, and among them the cause that explains most', () => {
  const scenario = scenarioResult('chaos/a', [
    finding('a', 'INCONCLUSIVE', { checker: 'a' }),
    finding('a again', 'INCONCLUSIVE', { checker: 'a' }),
    finding('a once more', 'INCONCLUSIVE', { checker: 'a' }),
    fails('b'),
    fails('c'),
    fails('d', { follows: 'c' }),
  ]);
  expect(titles(scenario).map(([title]) => title)).toEqual(['c', 'b', 'a']);
});

test('a finding comes after the failure in another scenario that its checker depends on', () => {
  const recovers = { checker: 'recovers', restsOn: ['reopens', 'opens'] };
  const others = ['a', 'b', 'c'].map((name) => scenarioResult(`chaos/${name}`, [fails('time to recover', recovers)]));
  const outage = (verdict: 'FAIL' | 'INCONCLUSIVE') =>
    scenarioResult('chaos/outage', [finding('reopens', verdict, { checker: 'reopens' })]);
  expect(causesOf([...others, outage('FAIL')]).map(({ mayFollow }) => mayFollow)).toEqual([undefined, 'reopens']);
  expect(titles(...others, outage('FAIL'))).toEqual([
    ['reopens', 1, 0],
    ['time to recover', 3, 0],
  ]);
  expect(titles(outage('INCONCLUSIVE'), ...others)).toEqual([
    ['time to recover', 3, 0],
    ['reopens', 1, 0],
  ]);
});

test('a finding does not follow from a failure elsewhere if its own scenario judged that checker', () => {
  const own = scenarioResult('chaos/a', [
    finding('reopens', 'PASS', { checker: 'reopens' }),
    fails('time to recover', { checker: 'recovers', restsOn: ['reopens'] }),
  ]);
  const elsewhere = scenarioResult('chaos/b', [fails('reopens', { checker: 'reopens' })]);
  expect(causesOf([own, elsewhere]).map(({ mayFollow }) => mayFollow)).toEqual([undefined, undefined]);
});

test('a check that failed in one scenario and was INCONCLUSIVE in another is two causes', () => {
  const a = scenarioResult('chaos/a', [fails('opens', { checker: 'opens' })]);
  const b = scenarioResult('chaos/b', [finding('opens', 'INCONCLUSIVE', { checker: 'opens' })]);
  expect(causesOf([b, a]).map(({ verdict }) => verdict)).toEqual(['FAIL', 'INCONCLUSIVE']);
});
