/**
 * Runs an action for each item in order, with at most `width` actions running at the same time.
 *
 * @param act Receives the item's index and the lane (0 to `width` - 1) in which it runs.
 * @throws The first error, after all running actions have finished. No further actions are started.
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
