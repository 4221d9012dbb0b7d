/** Returns the entries of a map in random order. */
export function shuffled<Key, Value>(map: ReadonlyMap<Key, Value>, random: () => number): [Key, Value][] {
  const drawn = [...map].map((entry) => ({ entry, draw: random() }));
  return drawn.sort((a, b) => a.draw - b.draw).map(({ entry }) => entry);
}
