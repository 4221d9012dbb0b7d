import { expect, test } from 'vitest';
import { openingHints } from '../../../../harness/checkers/breaker/breaker-hints.ts';
import { ownBreakerHint } from '../../../../harness/checkers/breaker/own-breaker-hint.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request, requests } from '../../../support/history.ts';

const OWN = 'conversation-end';
const OTHER = 'activities-suggest';

/** Failing calls to these endpoints one after another, then further ones to the breaker's own, and refused ones. */
function opened(through: readonly string[], further: number, refused = 1): History {
  const failing = [...through, ...Array<string>(further).fill(OWN)];
  const events = failing.map((endpoint, index): HistoryEvent[] => [
    ...(index === through.length ? [begun(2, { when: 'after', of: 1 }, index * 100 - 1, index)] : []),
    request(index * 100, 50, 502, { phase: index < through.length ? '1' : '2', endpoint }),
    receipt(index + 1, index * 100 + 5, 20, 'groq'),
  ]);
  const after = requests(refused, failing.length * 100, 5, 503, { phase: '2', endpoint: OWN });
  return new History([begun(1, { action: 'opening' }, -1, 0), ...events.flat(), ...after]);
}

test('a breaker that counts only the failures of its endpoint: each endpoint has its own', () => {
  expect(openingHints(opened([OTHER, OWN, OTHER, OWN, OTHER], 3), facts('llm'))).toEqual([
    'it opened after 5 failures of conversation-end, as if 3 failures of activities-suggest did not count. Does each ' +
      'endpoint, or each process of the service, have its own breaker, although groq is the same?',
  ]);
});

test.each<[string, History]>([
  ['never opens', opened([OTHER, OWN, OTHER, OWN, OTHER], 3, 0)],
  ['opens in time', opened([OWN, OWN, OWN, OWN, OWN], 0)],
  ['got fewer calls than its threshold', opened([OTHER, OWN, OTHER, OWN], 2)],
])('a breaker that %s does not show that it counts only the failures of its endpoint', (_, history) => {
  expect(ownBreakerHint(history, facts('llm'))).toEqual([]);
});
