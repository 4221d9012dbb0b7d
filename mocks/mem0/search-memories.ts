import type { z } from 'zod';
import { type Route, route } from '../../faults/upstream/route.ts';
import { answer } from './answer.ts';
import { parseFilters, selectEntities } from './filters.ts';
import { isExpired } from './is-expired.ts';
import type { Mem0State } from './mem0-state.ts';
import { memoryView } from './memory.ts';
import type { Selection } from './memory-store.ts';
import { readJson, validate } from './read-body.ts';
import { entityIds, refuseTopLevelEntities, searchSchema } from './request-schemas.ts';

/** `POST /v3/memories/search/`: returns the selected memories, best match first. */
export const searchMemories = (state: Mem0State): Route =>
  route.post('*/v3/memories/search/', ({ request }) =>
    answer(state, request, async () => {
      const body = await readJson(request);
      refuseTopLevelEntities(body, 'search');
      const search = validate(searchSchema, body);
      return { results: find(state, search, parseFilters(search.filters)) };
    }),
  );

/** `POST /v2/memories/search/` in SDK 2: the same, but returns a plain list. */
export const searchMemoriesV2 = (state: Mem0State): Route =>
  route.post('*/v2/memories/search/', ({ request }) =>
    answer(state, request, async () => {
      const search = validate(searchSchema, await readJson(request));
      return find(state, search, parseFilters(search.filters));
    }),
  );

/**
 * `POST /v1/memories/search/` in SDK 2: the same, but memories are selected by entity IDs. Returns a plain list or,
 * with `output_format: "v1.1"`, an object.
 */
export const searchMemoriesV1 = (state: Mem0State): Route =>
  route.post('*/v1/memories/search/', ({ request }) =>
    answer(state, request, async () => {
      const search = validate(searchSchema.extend(entityIds), await readJson(request));
      const results = find(state, search, selectEntities(search));
      return search.output_format === 'v1.1' ? { results, relations: [] } : results;
    }),
  );

function find(state: Mem0State, search: z.output<typeof searchSchema>, { entity, matches }: Selection) {
  const { query, top_k, threshold, categories, metadata, fields, show_expired } = search;
  const wantedMetadata = Object.entries(metadata ?? {});
  const score = scorer(query);
  return state.store
    .select({ entity, matches })
    .filter((memory) => show_expired || !isExpired(memory, state.now()))
    .filter((memory) => !categories?.length || memory.categories.some((category) => categories.includes(category)))
    .filter((memory) => wantedMetadata.every(([key, value]) => memory.metadata?.[key] === value))
    .map((memory) => ({ memory, score: score(memory.memory) }))
    .filter((found) => found.score >= threshold)
    .sort((a, b) => b.score - a.score)
    .slice(0, top_k)
    .map(({ memory, score }) => memoryView(memory, { score, fields: fields ?? undefined }));
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));

/**
 * Returns a function that scores how well memories match a query, from 0.3 to 1. The score is never 0, because a
 * semantic search also finds memories that have no words in common with the query.
 */
function scorer(query: string): (memory: string) => number {
  const wanted = [...wordsOf(query)];
  return (memory) => {
    const words = wordsOf(memory);
    return 0.3 + (0.7 * wanted.filter((word) => words.has(word)).length) / Math.max(1, wanted.length);
  };
}
