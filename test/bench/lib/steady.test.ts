import { expect, test } from 'vitest';
import { timePieces, unsteady } from '../../../bench/lib/steady.ts';

test('a missed bound counts if equal pieces of work took about equally long', () => {
  expect(unsteady([18, 20, 27])).toBeUndefined();
});

test('a missed bound proves nothing if some pieces took much longer', () => {
  expect(unsteady([18, 20, 28])).toBe('the machine was too busy: equal work took 18 to 28 ms of processor time');
});

test('the pieces take processor time', () => {
  const pieces = timePieces();
  expect(pieces.length).toBeGreaterThan(9);
  for (const piece of pieces) expect(piece).toBeGreaterThan(1);
});
