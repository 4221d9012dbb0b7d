import { expect, test } from 'vitest';
import { createDice } from '../../../faults/base/dice.ts';
import { createShares } from '../../../faults/base/shares.ts';

const dice = createDice('shares');
const mixes = Array.from({ length: 40 }, () =>
  Array.from({ length: 1 + Math.floor(dice() * 6) }, () => 1 + Math.floor(dice() * 20)),
);

test.each(mixes)('weights %j: never off by a whole turn, and exact after each round', (...weights: number[]) => {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const next = createShares(weights);
  const turns = weights.map(() => 0);
  for (let turn = 1; turn <= 3 * sum; turn++) {
    const index = next();
    turns[index] = (turns[index] ?? 0) + 1;
    for (const [i, weight] of weights.entries()) {
      expect(Math.abs((turns[i] ?? 0) - (weight / sum) * turn)).toBeLessThan(1);
    }
    if (turn % sum === 0) expect(turns).toEqual(weights.map((weight) => (weight * turn) / sum));
  }
});
