import { expect, test } from 'vitest';
import { breakerAdmitsOneTrial } from '../../../../harness/checkers/breaker/breaker-admits-one-trial.ts';
import { breakerCloses } from '../../../../harness/checkers/breaker/breaker-closes.ts';
import type { PhaseData } from '../../../../harness/contract/phases.ts';
import { breaker as breakerSchema } from '../../../../harness/contract/schema/breaker.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import reference from '../../../../service/proofload.config.ts';
import { begun, facts, receipt, request } from '../../../support/history.ts';

/** Returns the facts about an LLM breaker that lets these trials through. */
function factsWith(trials: { trials: number; trialsToClose?: number }) {
  const known = facts('llm');
  const llm = breakerSchema.parse({ ...reference.breakers.llm, ...trials });
  return { ...known, contract: { ...known.contract, breakers: { ...known.contract.breakers, llm } } };
}

/**
 * A phase after the breaker opened at 0, with the numbers of calls that reached the upstream and that were rejected.
 */
function halfOpen(reached: number, refused: number): HistoryEvent[] {
  return [
    begun(1, { action: 'opening' }, 0, 0),
    request(0, 10, 502, { phase: '1' }),
    receipt(1, 1, 5, 'groq', ['f:status']),
    begun(2, { action: 'half-open' }, 2_600, 1),
    ...Array.from({ length: reached }, (_, index) => request(2_700, 600, 502, { phase: '2', index: `${index}` })),
    ...Array.from({ length: refused }, () => request(2_700, 5, 503, { phase: '2' })),
    ...Array.from({ length: reached }, (_, index) => receipt(2 + index, 2_701, 590, 'groq', ['f:status'])),
    begun(3, { action: 'reopened' }, 3_400, 1 + reached),
  ];
}

test.each([
  [3, 5, 'PASS'],
  [2, 6, 'FAIL'],
  [4, 4, 'FAIL'],
  [3, 0, 'INCONCLUSIVE'],
])('of 3 trials, %i calls that reach it and %i refusals: %s', (reached, refused, verdict) => {
  const history = new History(halfOpen(reached, refused));
  expect(breakerAdmitsOneTrial.judge(history, factsWith({ trials: 3 }))).toMatchObject([
    { check: 'admits 3 trials', verdict },
  ]);
});

/**
 * One successful trial in the previous phase, then these calls (S and F reach the upstream, R is rejected), then three
 * probes.
 */
function tooFew(row: string, probes: string): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  let arrived = 0;
  const add = (id: number, data: PhaseData, from: number, calls: string, about: (outcome: string) => string) => {
    events.push(begun(id, data, from, arrived));
    for (const [index, outcome] of [...calls].entries()) {
      const at = from + 10 + index * 20;
      const status = { S: 201, F: 502, R: 503 }[outcome] as number;
      events.push(request(at, 10, status, { phase: String(id), about: about(outcome) }));
      if (outcome === 'R') continue;
      arrived += 1;
      events.push(receipt(arrived, at + 1, 5, 'groq', outcome === 'F' ? ['f:status'] : []));
    }
  };
  add(1, { action: 'one good trial too few' }, 0, row, (outcome) => (outcome === 'S' ? 'success' : 'failure'));
  add(2, { when: 'after', of: 1 }, 200, probes, () => 'probe');
  return [...events, begun(3, { action: 'end' }, 400, arrived)];
}

test.each([
  ['opens again at the first failure', 'F', 'RRR', 'PASS', 2, 2],
  ['opens again once too few can succeed', 'FF', 'RRR', 'PASS', 3, 2],
  ['had closed', 'FF', 'SSS', 'FAIL', 3, 2],
  ['makes the other good trials first', 'SF', 'RRR', 'PASS', 3, 3],
  ['made too few calls', 'F', 'RRR', 'INCONCLUSIVE', 3, 2],
])('a breaker that %s', (_, row, probes, verdict, trials, trialsToClose) => {
  const findings = breakerCloses.judge(new History(tooFew(row, probes)), factsWith({ trials, trialsToClose }));
  expect(findings.find(({ check }) => check === 'stays open after too few good trials')).toMatchObject({ verdict });
});

test('a breaker with one trial has no such check', () => {
  const findings = breakerCloses.judge(new History([]), factsWith({ trials: 1 }));
  expect(findings.map(({ check }) => check)).toEqual(['closes after a good trial']);
});
