/**
 * Does something with each item, begun in their order, at most `width` at once.
 *
 * @param act Is told the item's place in the list, and in which of the `width` lanes it is done, both from 0.
 * @throws What the first that failed had thrown, once all that had begun are over; then no further ones are begun.
 */
export async function sideBySide<Item>(
  items: readonly Item[],
  width: number,
  act: (item: Item, index: number, lane: number) => Promise<void>,
): Promise<void> {
  const waiting = [...items.entries()];
  const errors: unknown[] = [];
  const work = async (lane: number) => {
    for (let next = waiting.shift(); next && errors.length === 0; next = waiting.shift()) {
      await act(next[1], next[0], lane).catch((error) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: width }, (_, lane) => work(lane)));
  if (errors.length > 0) throw errors[0];
}
