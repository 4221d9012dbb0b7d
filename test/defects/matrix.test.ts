import { describe, expect, test } from 'vitest';
import type { Defect } from './defect.ts';
import { matrix, PROVABLE, unproved } from './matrix.ts';
import type { Outcome } from './run-defect.ts';

const DEFECT: Defect = {
  name: 'opens-late',
  scenario: 'chaos/x',
  checker: 'breaker-opens',
  check: 'opens',
  of: { contract: 'x.ts', program: 'y.ts' },
};

const outcome = (failed: Record<string, string[]>, extra: Partial<Outcome> = {}): Outcome => ({
  defect: DEFECT,
  failed: new Map(Object.entries(failed)),
  seconds: 1,
  ...extra,
});

/** Returns the marks in a defect's line, by checker. */
function marks(of: Outcome): Record<string, string> {
  const line = matrix([of]).split('\n')[2] ?? '';
  const cells = line.slice(DEFECT.name.length).trim().split(/\s+/);
  return Object.fromEntries(PROVABLE.map((checker, index) => [checker, cells[index] ?? '']));
}

describe('the matrix', () => {
  test('shows the intended checker and any others that said FAIL', () => {
    const shown = marks(outcome({ 'breaker-opens': ['opens'], recovers: ['after'] }));
    expect(shown).toMatchObject({ 'breaker-opens': '●', recovers: '×', 'breaker-closes': '·' });
  });

  test('shows a checker as missed if a different one of its checks failed', () => {
    expect(marks(outcome({ 'breaker-opens': ['refuses'] }))['breaker-opens']).toBe('○');
  });
});

describe("what isn't proven", () => {
  const ofDefect = (survivor: Outcome) => unproved([survivor])[0];

  test('contains no defect that was caught, and every checker that caught none', () => {
    const problems = unproved([outcome({ 'breaker-opens': ['opens'] })]);
    expect(problems).toHaveLength(PROVABLE.length - 1);
    expect(problems.join()).not.toContain('breaker-opens has');
    expect(problems).toContain('recovers has caught no defect');
  });

  test('contains a defect that only another check caught', () => {
    expect(ofDefect(outcome({ recovers: ['after'] }))).toBe(
      'opens-late survived chaos/x: "opens" did not say FAIL; FAIL instead: after',
    );
    expect(unproved([outcome({ recovers: ['after'] })])).toContain('recovers has caught no defect');
  });

  test('contains a defect that was undecided, with the reason', () => {
    expect(ofDefect(outcome({}, { undecided: 'nothing stalled: 900 ms' }))).toBe(
      'opens-late was not judged: nothing stalled: 900 ms',
    );
  });
});
