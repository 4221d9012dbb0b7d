import { type HttpHandler, HttpResponse, http } from 'msw';
import { z } from 'zod';
import { refuseUnauthenticated } from './authentication.ts';
import { mem0Error } from './errors.ts';
import { entityIdNames, type MemoryStore } from './memory-store.ts';
import { readBody } from './read-body.ts';

const entityId = z.string().min(1).optional();
const schema = z.looseObject({
  query: z.string().min(1),
  filters: z
    .strictObject({ user_id: entityId, agent_id: entityId, app_id: entityId, run_id: entityId })
    .refine((filters) => Object.keys(filters).length > 0, 'At least one entity id is required'),
  top_k: z.int().min(1).max(1000).default(10),
  threshold: z.number().min(0).max(1).default(0),
});

/** `POST /v3/memories/search/`: what was added for the entities of `filters`, best match first. */
export function searchMemories(store: MemoryStore): HttpHandler {
  return http.post('*/v3/memories/search/', async ({ request }) => {
    const unauthenticated = refuseUnauthenticated(request);
    if (unauthenticated) return unauthenticated;
    const read = await readBody(request, z.looseObject({}));
    if ('refusal' in read) return read.refusal;
    const misplaced = entityIdNames.filter((name) => name in read.body);
    if (misplaced.length > 0) {
      return mem0Error(
        400,
        `Top-level entity parameters are not supported in search: ${misplaced.join(', ')}. Use filters.`,
      );
    }
    const search = schema.safeParse(read.body);
    if (!search.success) return mem0Error(400, z.prettifyError(search.error));

    const { query, filters, top_k, threshold } = search.data;
    const results = store
      .search(query, filters)
      .filter(({ score }) => score >= threshold)
      .slice(0, top_k)
      .map(({ id, memory, score, entityIds, metadata, created_at, updated_at }) => ({
        id,
        memory,
        score,
        ...Object.fromEntries(entityIdNames.map((name) => [name, entityIds[name] ?? null])),
        metadata,
        categories: [],
        created_at,
        updated_at,
      }));
    return HttpResponse.json({ results });
  });
}
