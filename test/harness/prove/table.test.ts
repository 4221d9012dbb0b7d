import { expect, test } from 'vitest';
import { provedLines, triedLines } from '../../../harness/prove/table.ts';
import type { ProvedPair } from '../../../harness/verdict/proved.ts';

const pair = (checker: string, mutant: string, outcome: ProvedPair['outcome'], why?: string): ProvedPair => ({
  checker,
  mutant,
  outcome,
  scenario: 'stress/smoke',
  ...(why !== undefined && { why }),
});

test('a run with mutants shows each check that it proved, and each that it did not', () => {
  const pairs = [
    pair('a', 'm', 'caught'),
    pair('b', 'm', 'caught'),
    pair('a', 'n', 'caught'),
    pair('c', 'n', 'missed', 'it passed'),
    pair('d', 'n', 'impossible'),
  ];
  expect(triedLines('stress/smoke', pairs)).toEqual([
    'stress/smoke: 3 caught, 1 NOT CAUGHT (unproved), 1 impossible',
    '  ✔ a: m, n',
    '  ✔ b: m',
    '    c: NOT CAUGHT (unproved)  n (stress/smoke): it passed',
  ]);
  expect(triedLines('stress/smoke', [])).toEqual(['stress/smoke: nothing left to catch']);
});

test('a check is one line with what it caught, and one for each mutant that it did not catch', () => {
  const lines = provedLines({
    checkers: ['a', 'b', 'c', 'd'],
    pairs: [
      pair('a', 'm', 'caught'),
      pair('a', 'n', 'caught'),
      pair('b', 'm', 'missed', 'it passed'),
      pair('b', 'n', 'caught'),
      pair('c', 'm', 'impossible', 'no rows'),
    ],
    unprovable: [
      { checker: 'c', why: 'no rows' },
      { checker: 'd', why: 'no rows' },
    ],
    seconds: 95.2,
  });
  expect(lines).toEqual([
    'Checks, and the mutants that turned them red:',
    '✔ a: m, n',
    '✖ b: n',
    '    NOT CAUGHT (unproved)  m (stress/smoke): it passed',
    '',
    'Not provable here:',
    '  c, d: no rows',
    '',
    '1 of 4 checks proved on this service, in 95 s',
  ]);
});
