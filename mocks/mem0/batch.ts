import { z } from 'zod';
import { type Route, route } from '../../faults/upstream/route.ts';
import { answer } from './answer.ts';
import type { Mem0State } from './mem0-state.ts';
import { changesOf, theMemory } from './memory-items.ts';
import { readJson, validate } from './read-body.ts';
import { changesSchema } from './request-schemas.ts';

const batchOf = <Item extends z.ZodType>(item: Item, what: string) =>
  z.looseObject({
    memories: z.array(item).max(1000, `Maximum of 1000 memories can be ${what} in a single request`),
  });
const updates = batchOf(changesSchema.extend({ memory_id: z.string() }), 'updated');
const deletions = batchOf(z.looseObject({ memory_id: z.string() }), 'deleted');

/** `PUT` and `DELETE /v1/batch/`: changes all memories, or none of them if one is not found. */
export const batch = (state: Mem0State): Route[] => [
  route.put('*/v1/batch/', ({ request }) =>
    answer(state, request, async () => {
      const { memories } = validate(updates, await readJson(request));
      const found = memories.map((item) => ({ memory: theMemory(state, item.memory_id), changes: changesOf(item) }));
      for (const { memory, changes } of found) state.store.update(memory, changes);
      return { message: `Successfully updated ${found.length} memories` };
    }),
  ),
  route.delete('*/v1/batch/', ({ request }) =>
    answer(state, request, async () => {
      const { memories } = validate(deletions, await readJson(request));
      const found = new Set(memories.map(({ memory_id }) => theMemory(state, memory_id)));
      for (const memory of found) state.store.delete(memory);
      return { message: `Successfully deleted ${found.size} memories` };
    }),
  ),
];
