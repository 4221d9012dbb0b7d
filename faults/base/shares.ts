/**
 * Returns a function that selects an index on each call, in proportion to the weights (which must be above 0) and
 * without randomness.
 *
 * After any number of calls, each index is less than one call away from its exact share. If the weights are whole
 * numbers, the shares are exact after each multiple of their sum (Tijdeman, The chairman assignment problem, 1980).
 */
export function createShares(weights: readonly number[]): () => number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const shares = weights.map((weight) => ({ rate: weight / sum, turns: 0 }));
  const slack = 1 / Math.max(1, 2 * shares.length - 2);
  let turn = 0;
  return () => {
    turn++;
    // Only an index that is far enough behind is due. Among these, select the one with the earliest deadline.
    const due = shares.filter(({ rate, turns }) => rate * turn - turns >= slack - 1e-9);
    const first = (due.length > 0 ? due : shares).reduce((a, b) => (deadline(b) < deadline(a) ? b : a));
    first.turns++;
    return shares.indexOf(first);
  };

  function deadline({ rate, turns }: { rate: number; turns: number }): number {
    return (turns + 1 - slack) / rate;
  }
}
