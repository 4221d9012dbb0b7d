import { expect, test } from 'vitest';
import { breakerSaysWhen } from '../../../../harness/checkers/breaker/breaker-says-when.ts';
import type { Checker, Facts } from '../../../../harness/checkers/lib/checker.ts';
import { poolSaysWhen } from '../../../../harness/checkers/pool/pool-says-when.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { aloneFacts, begun, metric, receipt, requests } from '../../../support/history.ts';

const LLM = aloneFacts();
/** When the reference service's breaker opens, and how much later it allows a trial, in milliseconds. */
const [OPENED, TIMEOUT] = [3_000, 2_000];

/** The breaker opens when the fifth failure ends at the upstream. */
const OPENING: HistoryEvent[] = [
  begun(1, { action: 'opening' }, 0, 0),
  ...requests(5, 0, 600, 502, { phase: '1' }),
  ...[0, 1, 2, 3, 4].map((index) => receipt(index + 1, index * 600, 600, 'groq', ['f1:status'])),
  begun(2, { action: 'open' }, OPENED + 20, 5),
];
/** A rejection `after` milliseconds after the breaker opened. */
const said = (after: number, seconds: number) => metric('retry_after_seconds', OPENED + after, seconds, { phase: '2' });

const judged = (checker: Checker, events: HistoryEvent[], known: Facts = LLM) =>
  checker.judge(new History(events), known).map(({ verdict, observed }) => [verdict, observed]);

test.each<[string, string, HistoryEvent[]]>([
  ['PASS', '1, 2 s; 0 of 2 values wrong', [said(30, 2), said(1_200, 1)]],
  ['PASS', '2 s; 0 of 1 value wrong', [said(1_900, 2)]],
  ['PASS', '1 s; 0 of 1 value wrong', [said(TIMEOUT - 1_050, 1)]],
  ['FAIL', '1 s; 1 of 1 value wrong', [said(TIMEOUT - 1_051, 1)]],
  ['FAIL', '0, 2 s; 1 of 2 values wrong', [said(30, 2), said(40, 0)]],
  ['FAIL', '3 s; 1 of 1 value wrong', [said(30, 3)]],
  ['FAIL', '1.9 s; 1 of 1 value wrong', [said(300, 1.9)]],
  ['FAIL', '2 s; 0 of 1 value wrong; 1 of 2 refusals without Retry-After in seconds', [said(30, 2), said(40, -1)]],
  ['FAIL', '2 of 2 refusals without Retry-After in seconds', [said(30, -1), said(40, -1)]],
  ['INCONCLUSIVE', 'nothing was refused', []],
])('gives %s for rejections by an open breaker: %s', (verdict, observed, events) => {
  expect(judged(breakerSaysWhen, [...OPENING, ...events])).toEqual([[verdict, observed]]);
});

test('does not fail if noise explains the difference', () => {
  const noisy = { ...LLM, noise: { ...LLM.noise, timerLateMs: 30 } };
  expect(judged(breakerSaysWhen, [...OPENING, said(TIMEOUT - 1_080, 1)], noisy)).toEqual([
    ['INCONCLUSIVE', '1 s; 0 of 1 value wrong; 1 wrong by less than the noise of this machine'],
  ]);
  expect(judged(breakerSaysWhen, [...OPENING, said(TIMEOUT - 1_081, 1)], noisy)[0]?.[0]).toBe('FAIL');
});

const refused = (seconds: number) => metric('retry_after_seconds', 5, seconds, { phase: 'x', of: 'database' });

test('is not judged if none is promised', () => {
  const { contract } = LLM;
  const pool = contract.pool && { ...contract.pool, retryAfter: false };
  const llm = { ...(contract.breakers.llm as (typeof contract.breakers)[string]), retryAfter: false };
  const silent = { ...LLM, contract: { ...contract, ...(pool && { pool }), breakers: { llm } } };
  expect(judged(breakerSaysWhen, [...OPENING, said(30, -1)], silent)).toEqual([]);
  expect(judged(poolSaysWhen, [refused(-1)], silent)).toEqual([]);
});

test('reports the expected value', () => {
  const found = (checker: Checker, events: HistoryEvent[]) => checker.judge(new History(events), LLM);
  expect([...found(breakerSaysWhen, [...OPENING, said(30, 2)]), ...found(poolSaysWhen, [refused(1)])]).toMatchObject([
    {
      check: 'refusals have a correct Retry-After',
      expected: 'Retry-After of each refusal: not before the trial, and at most 2 s',
    },
    { check: 'refusals have a correct Retry-After', expected: 'Retry-After of each refusal: 1 to 60 s' },
  ]);
});
