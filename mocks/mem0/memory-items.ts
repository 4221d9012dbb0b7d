import type { PathParams } from 'msw';
import { type Route, route } from '../../faults/upstream/route.ts';
import { answer } from './answer.ts';
import { itemError } from './errors.ts';
import type { Mem0State } from './mem0-state.ts';
import { historyView, type Memory, type MemoryContent, memoryView } from './memory.ts';
import { readJson, validate } from './read-body.ts';
import { changesSchema } from './request-schemas.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `GET`, `PUT` and `DELETE /v1/memories/{id}/`, and `GET /v1/memories/{id}/history/`. */
export const memoryItems = (state: Mem0State): Route[] => [
  route.get('*/v1/memories/:id/', ({ request, params }) =>
    answer(state, request, () => memoryView(theMemory(state, params.id))),
  ),
  route.put('*/v1/memories/:id/', ({ request, params }) =>
    answer(state, request, async () => {
      const memory = theMemory(state, params.id);
      state.store.update(memory, changesOf(validate(changesSchema, await readJson(request))));
      return memoryView(memory);
    }),
  ),
  route.delete('*/v1/memories/:id/', ({ request, params }) =>
    answer(state, request, () => {
      state.store.delete(theMemory(state, params.id));
      return { message: 'Memory deleted successfully!' };
    }),
  ),
  route.get('*/v1/memories/:id/history/', ({ request, params }) =>
    answer(state, request, () => historyView(theMemory(state, params.id, 'deleted too'))),
  ),
];

/**
 * Returns the memory with the given ID.
 *
 * @throws Mem0Refusal 400 if the ID is not a UUID, or 404 if it is unknown
 */
export function theMemory({ store }: Mem0State, id: PathParams[string], among?: 'deleted too'): Memory {
  if (typeof id !== 'string' || !UUID.test(id)) throw itemError(400, 'memory_id should be a valid UUID');
  const memory = among ? store.getWithHistory(id) : store.get(id);
  if (!memory) throw itemError(404, 'Memory not found!');
  return memory;
}

/** Returns the changes that a request asks for. Omitted fields stay unchanged, and null removes a value. */
export function changesOf({
  text,
  metadata,
  expiration_date,
}: ReturnType<typeof changesSchema.parse>): Partial<MemoryContent> {
  return {
    ...(text === undefined ? {} : { memory: text }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(expiration_date === undefined ? {} : { expiration_date }),
  };
}
