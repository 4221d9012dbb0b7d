import { expect, test } from 'vitest';
import { trialByOwnCalls } from '../../../../harness/checkers/breaker/trial-by-own-calls.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, requests } from '../../../support/history.ts';

const LLM = facts('llm');

/** The breaker opens for 2 s when the last of these calls gets its response. */
const OPENING: HistoryEvent[] = [
  begun(1, { action: 'opening' }, -3_000, 0),
  ...requests(5, -3_000, 600, 502, { phase: '1', endpoint: 'conversation-end' }),
  begun(2, { action: 'open' }, 1, 5),
];
const due = (receipts = 5) => begun(3, { action: 'trial due' }, 2_600, receipts);
const health = (status: number) => requests(1, 2_610, 20, status, { phase: '3', endpoint: 'health', about: 'health' });

const judge = (...events: HistoryEvent[]) => trialByOwnCalls.judge(new History([...OPENING, ...events]), LLM);

test.each<[string, HistoryEvent[], string]>([
  ['no request reaches the upstream', [due(), ...health(200)], 'PASS'],
  ['a request after the call', [due(), ...health(200), receipt(6, 2_680, 3, 'groq')], 'PASS'],
  ['a request during the call', [due(), ...health(200), receipt(6, 2_615, 3, 'groq')], 'FAIL'],
  ['no response', [due(), ...health(0)], 'INCONCLUSIVE'],
  ['no call', [due()], 'INCONCLUSIVE'],
  ['an earlier trial', [receipt(6, 2_300, 3, 'groq'), due(6), ...health(200)], 'INCONCLUSIVE'],
])('%s', (_, events, verdict) => {
  expect(judge(...events)).toMatchObject([{ check: 'makes no trial: health', verdict }]);
});

test('names the endpoint that made the trial', () => {
  const [finding] = judge(due(), ...health(200), receipt(6, 2_615, 3, 'groq'));
  expect(finding?.evidence?.[0]).toMatch(/^health calls groq and makes the trial/);
});
