/**
 * Deals turns to shares of the given weights (above 0), without chance; each call gives the index of the next.
 *
 * However many turns, none is a whole turn away from its share, and after each multiple of the sum of whole weights all
 * are exact (Tijdeman, The chairman assignment problem, 1980).
 */
export function createShares(weights: readonly number[]): () => number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const shares = weights.map((weight) => ({ rate: weight / sum, turns: 0 }));
  const slack = 1 / Math.max(1, 2 * shares.length - 2);
  let turn = 0;
  return () => {
    turn++;
    // Only who is behind by enough may come; of these, whose turn must come soonest.
    const due = shares.filter(({ rate, turns }) => rate * turn - turns >= slack - 1e-9);
    const first = (due.length > 0 ? due : shares).reduce((one, other) =>
      deadline(other) < deadline(one) ? other : one,
    );
    first.turns++;
    return shares.indexOf(first);
  };

  function deadline({ rate, turns }: { rate: number; turns: number }): number {
    return (turns + 1 - slack) / rate;
  }
}
