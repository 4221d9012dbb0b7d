import { type Route, route } from '../../faults/upstream/route.ts';
import { answer } from './answer.ts';
import { badRequest } from './errors.ts';
import { parseFilters } from './filters.ts';
import type { Mem0State } from './mem0-state.ts';
import { entitiesOf, entityIdNames } from './memory.ts';
import type { Selection } from './memory-store.ts';
import { entityIdsOfQuery } from './request-schemas.ts';

const ENTITY_TYPES = entityIdNames.map((name) => name.replace('_id', ''));

/**
 * `DELETE /v1/memories/?user_id=…`: deletes the memories that belong to all of the given entities. `*` matches any
 * entity.
 */
export const deleteMemories = (state: Mem0State): Route =>
  route.delete('*/v1/memories/', ({ request }) =>
    answer(state, request, () => {
      const ids = entityIdsOfQuery(request);
      if (entitiesOf(ids).length === 0) {
        throw badRequest('At least one of the filters: agent_id, user_id, app_id, run_id is required!');
      }
      return deleteAll(state, parseFilters(ids));
    }),
  );

/** `DELETE /v2/entities/{type}/{id}/` and `/v1/entities/…`: deletes all memories of an entity. */
export const deleteEntity = (state: Mem0State): Route[] =>
  ['v2', 'v1'].map((version) =>
    route.delete(`*/${version}/entities/:type/:id/`, ({ request, params }) =>
      answer(state, request, () => {
        if (!ENTITY_TYPES.includes(String(params.type))) throw badRequest('Invalid entity type');
        return deleteAll(state, parseFilters({ [`${params.type}_id`]: { eq: params.id } }));
      }),
    ),
  );

function deleteAll({ store, events }: Mem0State, selection: Selection) {
  for (const memory of store.select(selection)) store.delete(memory);
  const event_id = events.begin({ type: 'DELETE', durationMs: 0, fails: false, payload: {}, memories: [] });
  return { message: 'Delete in progress. This may take some time.', event_id };
}
