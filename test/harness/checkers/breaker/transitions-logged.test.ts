import { expect, test } from 'vitest';
import { transitionsLogged } from '../../../../harness/checkers/breaker/transitions-logged.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request, T0, verdicts } from '../../../support/history.ts';

const LLM = facts('llm');
const FAULT = ['f1:status'];

type To = 'open' | 'half-open' | 'closed';
const logged = (states: To[], failures = 5) =>
  new History([
    begun(1, { action: 'half-open' }, 0, 0),
    receipt(1, 1, 1, 'groq'),
    begun(2, { action: 'reopened' }, 2, 1),
    receipt(2, 3, 1, 'groq'),
    ...states.map(
      (to, index): HistoryEvent => ({
        type: 'transition',
        at: T0 + index * 2_000,
        breaker: 'llm',
        to,
        line: `⚠️ Circuit breaker opened for _invoke_llm after ${failures} failures`,
      }),
    ),
  ]);
/** The same with one time for each transition: a breaker that opens at T0, and whose trial fails at 2.7 s. */
const loggedAt = (...times: number[]) => {
  const states = WHOLE.map((to, index) => ({ to, at: T0 + (times[index] as number) }));
  return new History([
    begun(3, { action: 'opening' }, -100, 0),
    request(-100, 100, 502, { phase: '3' }),
    receipt(1, -100, 100, 'groq', FAULT),
    begun(1, { action: 'half-open' }, 2_050, 1),
    receipt(2, 2_100, 600, 'groq', FAULT),
    begun(2, { action: 'reopened' }, 2_701, 2),
    receipt(3, 4_705, 5, 'groq'),
    ...states.map((state): HistoryEvent => ({ ...state, type: 'transition', breaker: 'llm', line: OPENED })),
  ]);
};
const OPENED = '⚠️ Circuit breaker opened for _invoke_llm after 5 failures';

const WHOLE: To[] = ['open', 'half-open', 'open', 'half-open', 'closed'];

test.each([
  ['PASS', logged(WHOLE)],
  ['FAIL', logged(WHOLE, 6)],
  ['FAIL', logged(['open', 'half-open', 'closed'])],
  ['FAIL', logged([])],
  ['INCONCLUSIVE', new History()],
])('gives %s for the transitions in the log', (verdict, history) => {
  expect(verdicts(transitionsLogged.judge(history, LLM))).toEqual({ 'transitions logged': verdict });
});

test.for([
  ['PASS', ['opened', '{failures} failures'], 'opened after 5 failures'],
  ['FAIL', ['opened', '{failures} failures'], 'opened after 15 failures'],
  ['FAIL', ['failures={failures}'], 'failures=50'],
  ['PASS', ['opened', 'for {recovery} s'], 'opened for 2 s'],
  ['PASS', ['opened', 'for {recovery}'], 'opened for 2.0 s'],
  ['FAIL', ['opened', 'for {recovery}'], 'opened for 20 s'],
] as const)('gives %s if a line must contain %s and is %s', ([verdict, opened, line]) => {
  const history = new History(
    logged(WHOLE)
      .inOrder()
      .map((event): HistoryEvent => (event.type === 'transition' ? { ...event, line } : event)),
  );
  const { llm } = LLM.contract.breakers;
  const log = { opened: [...opened], closed: ['closed'], halfOpen: ['half-open'] };
  const given = { ...LLM, contract: { ...LLM.contract, breakers: { llm: { ...llm, log } } } } as typeof LLM;
  expect(transitionsLogged.judge(history, given)).toMatchObject([{ verdict }]);
});

test.each([
  ['PASS', 'as soon as may be', [0, 1_950, 2_700, 4_650, 4_710]],
  ['FAIL', 'before that', [0, 1_949, 2_700, 4_650, 4_710]],
  ['FAIL', 'after the failed trial before that', [0, 1_950, 2_700, 4_649, 4_710]],
  ['FAIL', 'with the opening', [0, 1, 2_700, 2_701, 4_710]],
])('gives %s if the log says that the breaker tries again %s', (verdict, _, times) => {
  expect(transitionsLogged.judge(loggedAt(...times), LLM)).toMatchObject([{ verdict }]);
});

test('reports when the log said too early that the breaker tries again', () => {
  expect(transitionsLogged.judge(loggedAt(0, 100, 2_700, 4_700, 4_710), LLM)[0]?.evidence).toEqual([
    '0.20 s into the scenario: half-open was logged before it was possible',
    'calls count within the recovery timeout: 2.00 s minus 50 ms of tolerance: 1.95 s',
    OPENED,
  ]);
});

test('names the patterns of the contract that no log line contains', () => {
  expect(transitionsLogged.judge(new History(), LLM)[0]?.evidence).toEqual([
    expect.stringMatching(/^no log line contains all of breakers\.llm\.log\.opened: "/),
    expect.stringMatching(/^no log line contains all of breakers\.llm\.log\.halfOpen: "/),
    expect.stringMatching(/^no log line contains all of breakers\.llm\.log\.closed: "/),
  ]);
});
