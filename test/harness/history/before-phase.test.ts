import { expect, test } from 'vitest';
import type { PhaseData } from '../../../harness/contract/phases.ts';
import { beforePhase, nthPhaseOf, partsUntil, pointsOf } from '../../../harness/history/before-phase.ts';
import { History } from '../../../harness/history/history.ts';
import { begun, receipt, request, T0 } from '../../support/history.ts';

const OPENING = { phase: '1' };
const nth = (data: PhaseData, before = 0) => ({ does: data, nth: before });

test('what was complete before a phase is kept', () => {
  const answered = [request(0, 50, 200, OPENING), receipt(1, 10, 20, 'groq')];
  const opening = begun(1, { action: 'opening' }, 0, 0);
  const later = [
    request(90, 50, 200, OPENING),
    begun(2, { action: 'open' }, 100, 1),
    receipt(2, 110, 20, 'groq'),
    begun(3, { action: 'open' }, 200, 1),
  ];
  const before = beforePhase(new History([opening, ...later, ...answered]), nth({ action: 'open' }));
  expect(before?.inOrder()).toEqual([opening, ...answered]);
});

test('a phase that did not begin, or not as often, ends nothing', () => {
  const history = new History([begun(1, { action: 'open' }, 0, 0), begun(2, { action: 'open' }, 100, 0)]);
  expect([nth({ action: 'closed' }), nth({ action: 'open' }, 2)].map((phase) => beforePhase(history, phase))).toEqual([
    undefined,
    undefined,
  ]);
  expect(beforePhase(history, nth({ action: 'open' }, 1))?.all('phase')).toHaveLength(1);
});

/** The phases of a script, with IDs from a number on. */
const script = (from: number) => {
  const late = (breaker: string): PhaseData => ({ action: 'too late', breaker, primed: [from] });
  return [
    begun(from, { action: 'filled' }, 0, 0),
    begun(from + 1, late('a'), 100, 0),
    begun(from + 2, { when: 'after', of: from + 1 }, 200, 0),
    begun(from + 3, late('b'), 300, 0),
    begun(from + 4, { when: 'after', of: from + 3 }, 400, 0),
    begun(from + 5, late('a'), 500, 0),
    begun(from + 6, { own: 'x', of: from, primed: 1 }, 600, 0),
  ];
};

test('a phase is found in a run with other IDs, by what it and the phases that it refers to do', () => {
  const [first, second] = [new History(script(1)), new History(script(2))];
  const found = first.all('phase').map((entered) => {
    return beforePhase(second, nthPhaseOf(first, entered))?.all('phase').length;
  });
  // The fields of own phases are compared as they are.
  expect(found).toEqual([0, 1, 2, 3, 4, 5, undefined]);
});

test('a script can end early when a phase begins, and when it paused after all requests in progress', () => {
  const history = new History([
    request(0, 400, 200, OPENING),
    request(100, 50, 200, OPENING),
    // No pause is long enough here.
    request(600, 10, 200, OPENING),
    begun(1, { action: 'opening' }, 1_000, 0),
    request(1_000, 1_500, 200, OPENING),
    begun(2, { action: 'open' }, 3_000, 0),
  ]);
  expect(pointsOf(history).map((at) => Math.round(at - T0))).toEqual([910, 1_000, 2_800, 3_000]);
  const ends = (point: Parameters<typeof partsUntil>[1]) =>
    partsUntil(history, point).map((part) => part.all('request').length);
  // The longest pauses come first.
  expect(ends({ pausedAt: T0 })).toEqual([3, 2]);
  expect(ends({ pausedAt: T0, phase: nth({ action: 'opening' }) })).toEqual([4]);
  expect(ends({ pausedAt: T0, phase: nth({ action: 'open' }) })).toEqual([]);
  expect(ends({ pausedAt: T0, phase: nth({ action: 'closed' }) })).toEqual([]);
  expect(ends({ phase: nth({ action: 'opening' }) })).toEqual([3]);
});
