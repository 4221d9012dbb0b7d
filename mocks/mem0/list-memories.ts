import type { z } from 'zod';
import { type Route, route } from '../../faults/upstream/route.ts';
import { answer } from './answer.ts';
import { parseFilters, selectEntities } from './filters.ts';
import { isExpired } from './is-expired.ts';
import type { Mem0State } from './mem0-state.ts';
import { type Memory, memoryView } from './memory.ts';
import type { Selection } from './memory-store.ts';
import { asksForPage, paginate } from './paginate.ts';
import { readJson, validate } from './read-body.ts';
import { entityIdsOfQuery, listSchema, refuseTopLevelEntities } from './request-schemas.ts';

/** `POST /v3/memories/`: returns a page of the selected memories, newest first. */
export const listMemories = (state: Mem0State): Route =>
  route.post('*/v3/memories/', ({ request }) =>
    answer(state, request, async () => {
      const body = await readJson(request);
      refuseTopLevelEntities(body, 'get_all');
      const list = validate(listSchema, body);
      return paginate(find(state, list, parseFilters(list.filters)), request, list);
    }),
  );

/** `POST /v2/memories/` in SDK 2: returns a plain list of all memories, or a page if `?page` is given. */
export const listMemoriesV2 = (state: Mem0State): Route =>
  route.post('*/v2/memories/', ({ request }) =>
    answer(state, request, async () => {
      const list = validate(listSchema, await readJson(request));
      const found = find(state, list, parseFilters(list.filters));
      return asksForPage(request) ? paginate(found, request) : found;
    }),
  );

/** `GET /v1/memories/?user_id=…` in SDK 2: the same, but the entity IDs are in the query. */
export const listMemoriesV1 = (state: Mem0State): Route =>
  route.get('*/v1/memories/', ({ request }) =>
    answer(state, request, () => {
      const found = find(state, validate(listSchema, {}), selectEntities(entityIdsOfQuery(request)));
      return asksForPage(request) ? paginate(found, request) : found;
    }),
  );

function find(state: Mem0State, list: z.output<typeof listSchema>, { entity, matches }: Selection) {
  const { categories, fields, show_expired, start_date, end_date } = list;
  const isWanted = (memory: Memory): boolean =>
    (show_expired || !isExpired(memory, state.now())) &&
    (!categories?.length || memory.categories.some((category) => categories.includes(category))) &&
    // ISO 8601 dates and times can be compared as strings. The end date is inclusive.
    (!start_date || memory.created_at.slice(0, start_date.length) >= start_date) &&
    (!end_date || memory.created_at.slice(0, end_date.length) <= end_date);
  return (
    state.store
      .select({ entity, matches })
      .filter(isWanted)
      // Of two memories that were created in the same millisecond, the later one also comes first.
      .reverse()
      .sort((a, b) => b.visibleAt - a.visibleAt)
      .map((memory) => memoryView(memory, { fields: fields ?? undefined }))
  );
}
