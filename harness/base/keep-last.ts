/** Adds an item to a list of the last `most` items, and forgets the oldest one if there are more. */
export function keepLast<Item>(kept: Item[], item: Item, most: number): void {
  kept.push(item);
  if (kept.length > most) kept.shift();
}
