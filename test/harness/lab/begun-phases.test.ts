import { expect, test } from 'vitest';
import { BegunPhases } from '../../../harness/lab/begun-phases.ts';

test('each entry of a phase gets another number, starting at 1', () => {
  const phases = new BegunPhases();
  expect(() => phases.current).toThrow('no phase has begun');
  expect([1, 2, 3].map(() => phases.begin({ action: 'steady' }).id)).toEqual([1, 2, 3]);
  expect(phases.current).toBe(3);
});

test('titles have the fields of a phase and the title of the earlier one', () => {
  const phases = new BegunPhases();
  const titleOf = (data: Parameters<BegunPhases['begin']>[0]) => phases.begin(data).title;
  expect(titleOf({ action: 'row', breaker: 'llm', faults: ['status 500', 'reset'] })).toBe(
    'row of llm: status 500, reset',
  );
  expect(titleOf({ when: 'recovery from', of: 1 })).toBe('recovery from row of llm: status 500, reset');
  expect(titleOf({ when: 'after', of: 2 })).toBe('after recovery from row of llm: status 500, reset');
  expect(titleOf({ own: 'wrong currency', currency: 'USD', calls: 5 })).toBe(
    'own: wrong currency, currency USD, calls 5',
  );
});

test.each([{ when: 'after', of: 2 } as const, { action: 'opening', primed: [1, 2] } as const])(
  'a phase that refers to a later one is refused: %j',
  (data) => {
    const phases = new BegunPhases();
    phases.begin({ action: 'ready' });
    expect(() => phases.begin(data)).toThrow('2 is not the ID of an earlier phase; allowed: 1 to 1');
    expect(phases.current).toBe(1);
  },
);
