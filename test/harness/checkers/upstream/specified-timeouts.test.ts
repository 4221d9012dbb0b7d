import { expect, test } from 'vitest';
import { specifiedTimeouts } from '../../../../harness/checkers/upstream/specified-timeouts.ts';
import { contractSchema, numbersOf } from '../../../../harness/contract/contract.ts';
import { registeredFaults } from '../../../../harness/contract/registered-faults.ts';
import type { HistoryEvent, RequestSample } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import gateway from '../../../defects/upstreams/gateway.ts';
import { GIVEN_UP } from '../../../support/failing.ts';
import { facts, receipt, request, SILENCE, STRAY, starved, UNPLANNED, verdicts } from '../../../support/history.ts';

const [LLM, MEMORY] = ['groq, conversation-end', 'mem0, activities-suggest'].map(
  (name) => `gives up as specified: ${name}`,
);
/** The tags of calls through the reference service's breakers, whose timeout is 10 s without settings. */
const AT_GROQ = { about: 'hangs at groq', endpoint: 'conversation-end' };
const AT_MEM0 = { about: 'hangs at mem0', endpoint: 'activities-suggest' };
const REFERENCE = { ...facts(), numbers: numbersOf(facts().contract, 'production') };

const hanging = (ms: number, status = 502, faults = ['f1:hang']): HistoryEvent[] => [
  request(0, ms, status, AT_GROQ),
  receipt(1, 5, ms - 6, 'groq', faults),
];
const GOOD = [request(20, 10_004, 502, AT_MEM0), receipt(2, 25, 9_998, 'mem0', ['f2:hang']), STRAY];

const judged = (events: HistoryEvent[], known = REFERENCE) =>
  verdicts(specifiedTimeouts.judge(new History([...GOOD, ...events]), known));

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', 'gives up after the timeout', hanging(10_005)],
  ['PASS', 'gives up as late as may be', hanging(13_000)],
  ['FAIL', 'gives up later', hanging(13_001)],
  ['FAIL', 'has no timeout', hanging(16_000, 0)],
  ['PASS', 'gives up as early as may be', hanging(8_000)],
  ['FAIL', 'has a shorter timeout', hanging(5_003)],
  ['PASS', 'serves its caller after the timeout in another way', hanging(10_005, 201)],
  ['INCONCLUSIVE', 'met no fault', hanging(10_005, 502, [])],
  ['INCONCLUSIVE', 'was not called', []],
  ['INCONCLUSIVE', 'waited for a processor', [...hanging(13_200), starved('service', 0, 13_200, 300)]],
])('gives %s for a service that %s', (verdict, _, events) => {
  expect(judged(events)).toMatchObject({ [LLM as string]: verdict, [MEMORY as string]: 'PASS' });
});

const casesWith = (threshold: number) => {
  const { breakers } = REFERENCE.numbers;
  const llm = { ...(breakers.llm as NonNullable<typeof breakers.llm>), threshold };
  const cases = specifiedTimeouts.cases?.({ ...REFERENCE, numbers: { ...REFERENCE.numbers, breakers: { llm } } });
  return cases?.map(({ check }) => check);
};

test("a breaker's calls through every endpoint have its timeout, fewer than would open it", () => {
  const other = 'gives up as specified: groq, activities-suggest';
  expect(casesWith(3)).toEqual([LLM, other]);
  expect(casesWith(2)).toEqual([LLM]);
  const suggested = [request(0, 30_000, 502, { about: 'hangs at groq', endpoint: 'activities-suggest' })];
  const hung = [...suggested, receipt(1, 5, 29_990, 'groq', ['f1:hang'])];
  expect(judged(hung)[other]).toBe('FAIL');
});

test.each<[string, number, number]>([
  ['FAIL', 20, 504],
  ['INCONCLUSIVE', 20, 503],
  ['INCONCLUSIVE', 20, 429],
  ['INCONCLUSIVE', 20, 201],
  ['INCONCLUSIVE', 20, 0],
  ['INCONCLUSIVE', 8_000, 504],
])('gives %s for a call that ends after %i ms with %i and did not reach the upstream', (verdict, ms, status) => {
  const [finding] = specifiedTimeouts.judge(new History([request(0, ms, status, AT_GROQ)]), REFERENCE);
  expect(finding?.verdict).toBe(verdict);
  if (verdict === 'FAIL') expect(finding?.observed).toBe('504 after 0.02 s; no call hung at groq');
});

test('shows what is left of a time without the tolerance and the noise', () => {
  const evidenceOf = (events: HistoryEvent[]) =>
    specifiedTimeouts.judge(new History([...GOOD, ...events]), REFERENCE)[0]?.evidence?.[0];
  expect(evidenceOf([...hanging(13_200), starved('service', 0, 13_200, 300)])).toMatch(
    /^measured 13\.20? s minus 3(\.00)? s of tolerance and .* of machine noise: 9\.90? s$/,
  );
  expect(evidenceOf(hanging(5_000))).toMatch(/^measured: too early by 5(\.00)? s minus 2(\.00)? s of tolerance: 3/);
  expect(evidenceOf(hanging(10_000))).toBeUndefined();
});

test('a caller who left in time does not prove that the call would have ended', () => {
  const left = (ms: number) => {
    const [call, ...others] = hanging(ms, 0) as [RequestSample, ...HistoryEvent[]];
    return judged([{ ...call, tags: { ...call.tags, ...GIVEN_UP } }, ...others])[LLM as string];
  };
  expect([left(13_000), left(13_001)]).toEqual(['INCONCLUSIVE', 'FAIL']);
});

test('a call that reached the upstream but met no fault was not given up', () => {
  expect(judged(hanging(20, 504, []))).toMatchObject({ [LLM as string]: 'INCONCLUSIVE' });
});

test('tells what its caller got, and when', () => {
  const [finding] = specifiedTimeouts.judge(new History(hanging(15_010)), REFERENCE);
  expect(finding).toMatchObject({
    requests: [AT_GROQ],
    expected: 'after 10 s, without any settings',
    observed: '502 after 15.01 s',
  });
});

test('only a call during which a request with the fault arrives counts', () => {
  const arrivesAfter = (after: number) =>
    judged([request(0, 10_005, 502, AT_GROQ), receipt(1, after, 100, 'groq', ['f1:hang'])])[LLM as string];
  expect(arrivesAfter(-10)).toBe('PASS');
  expect(arrivesAfter(-11)).toBe('INCONCLUSIVE');
  expect(arrivesAfter(10_005)).toBe('PASS');
  expect(arrivesAfter(10_006)).toBe('INCONCLUSIVE');
  expect(specifiedTimeouts.judge(new History([]), REFERENCE)[0]?.observed).toBe('no call hung at groq');
});

test('one of several calls that is given up early fails', () => {
  expect(judged([...hanging(10_005), ...hanging(5_003)])[LLM as string]).toBe('FAIL');
});

test('says so if the timeout was set, so that its default is not judged', () => {
  const [call, ...others] = hanging(10_005);
  const tags = { ...AT_GROQ, settings: 'LLM_TIMEOUT_MS' };
  const events = [{ ...call, tags } as HistoryEvent, ...others];
  expect(specifiedTimeouts.judge(new History(events), REFERENCE)[0]).toMatchObject({
    expected: 'after 10 s, as LLM_TIMEOUT_MS says (its default is not judged)',
    verdict: 'PASS',
  });
});

/** The gateway of `gateway.ts`, with the attempts that it promises. Its calls hang for at most a second. */
function gatewayWith(attempts: number, withinSeconds = 1) {
  const { ask } = gateway.endpoints;
  const contract = contractSchema.parse({
    ...gateway,
    upstreams: { llm: { kind: 'groq', calls: { attempts } } },
    endpoints: { ask: { ...ask, onFault: { ...ask.onFault, hang: { answer: 504, withinSeconds } } } },
  });
  return {
    contract,
    faults: registeredFaults(),
    numbers: numbersOf(contract, 'fast'),
    noise: SILENCE,
    proof: UNPLANNED,
  };
}

const callOf = (ms: number) => [
  request(0, ms, 504, { about: 'hangs at llm', endpoint: 'ask' }),
  receipt(1, 5, ms - 6, 'llm', ['f1:hang']),
];

test('without a breaker, the time of the answer while an upstream hangs is the timeout', () => {
  const known = gatewayWith(1);
  const check = 'gives up as specified: llm, ask';
  expect(judged(callOf(20), known)).toEqual({ [check]: 'PASS' });
  expect(judged(callOf(1_500), known)).toEqual({ [check]: 'PASS' });
  expect(judged(callOf(1_501), known)).toEqual({ [check]: 'FAIL' });
});
