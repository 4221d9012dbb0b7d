import { expect, test } from 'vitest';
import { unsafeStartRefused } from '../../../../harness/checkers/start/unsafe-start-refused.ts';
import type { HistoryEvent, StartAttempt } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, T0 } from '../../../support/history.ts';

const attempt = (about: string, outcome: StartAttempt['outcome'], code: number | null, output = ''): HistoryEvent => ({
  type: 'start',
  at: T0,
  about,
  outcome,
  code,
  output,
});
const CONTROL = attempt('its own settings', 'started', null);
const WORDS = 'the door is open';

function judged(events: HistoryEvent[], exitCode?: number) {
  const known = facts();
  const refusedStarts = { 'an open door': { settings: { DOOR: 'open' }, says: WORDS, exitCode } };
  const findings = unsafeStartRefused.judge(new History(events), {
    ...known,
    contract: { ...known.contract, refusedStarts },
  });
  return findings.map(({ check, verdict, observed }) => [check, verdict, observed]);
}

test.each<[string, string, HistoryEvent[], number | undefined]>([
  [
    'PASS',
    'exited with code 2, with that message',
    [CONTROL, attempt('an open door', 'refused', 2, `! ${WORDS} !`)],
    2,
  ],
  ['PASS', 'exited with code 7, with that message', [CONTROL, attempt('an open door', 'refused', 7, WORDS)], undefined],
  ['FAIL', 'exited with code 7, with that message', [CONTROL, attempt('an open door', 'refused', 7, WORDS)], 2],
  ['FAIL', 'exited with code 0, with that message', [CONTROL, attempt('an open door', 'refused', 0, WORDS)], undefined],
  ['FAIL', 'exited with code 2, without that message', [CONTROL, attempt('an open door', 'refused', 2, 'no')], 2],
  ['FAIL', 'started, without that message', [CONTROL, attempt('an open door', 'started', null)], 2],
  [
    'FAIL',
    'neither started nor exited, with that message',
    [attempt('an open door', 'neither', null, WORDS)],
    undefined,
  ],
  ['INCONCLUSIVE', 'not tried', [CONTROL], 2],
  [
    ...([
      'INCONCLUSIVE',
      'exited with code 2, with that message; but it did not start with its own settings either',
    ] as const),
    [attempt('its own settings', 'refused', 1), attempt('an open door', 'refused', 2, WORDS)],
    2,
  ],
])('gives %s for an unsafe start that %s', (verdict, observed, events, exitCode) => {
  expect(judged(events, exitCode)).toEqual([['refuses to start: an open door', verdict, observed]]);
});

test('reports the expected outcome, and the output of a start with another outcome', () => {
  const known = facts();
  const findingOf = (exitCode?: number) => {
    const refusedStarts = { 'an open door': { settings: {}, says: 'x'.repeat(60), exitCode } };
    const history = new History([CONTROL, attempt('an open door', 'refused', 9, 'y'.repeat(300))]);
    return unsafeStartRefused.judge(history, { ...known, contract: { ...known.contract, refusedStarts } })[0];
  };
  expect(findingOf(2)).toMatchObject({
    expected: `exits with code 2, with the message "${'x'.repeat(48)}…"`,
    evidence: ['y'.repeat(200)],
  });
  expect(findingOf()?.expected).toBe(`exits, with the message "${'x'.repeat(48)}…"`);
});

test('nothing is judged if the contract lists no such start', () => {
  const known = facts();
  const { refusedStarts: _, ...contract } = known.contract;
  expect(unsafeStartRefused.judge(new History([CONTROL]), { ...known, contract })).toEqual([]);
});
