import { randomUUID } from 'node:crypto';
import { type HttpHandler, HttpResponse, http } from 'msw';
import { z } from 'zod';
import { refuseUnauthenticated } from './authentication.ts';
import { mem0Error } from './errors.ts';
import { entityIdNames, type MemoryStore } from './memory-store.ts';
import { readBody } from './read-body.ts';

const entityId = z.string().min(1).optional();
const schema = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: z.string() })).min(1),
  user_id: entityId,
  agent_id: entityId,
  app_id: entityId,
  run_id: entityId,
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

/** `POST /v3/memories/add/`: each of the user's messages becomes a memory, which can be found at once. */
export function addMemories(store: MemoryStore): HttpHandler {
  return http.post('*/v3/memories/add/', async ({ request }) => {
    const unauthenticated = refuseUnauthenticated(request);
    if (unauthenticated) return unauthenticated;
    const read = await readBody(request, schema);
    if ('refusal' in read) return read.refusal;

    const { messages, metadata, user_id, agent_id, app_id, run_id } = read.body;
    const entityIds = { user_id, agent_id, app_id, run_id };
    if (entityIdNames.every((name) => entityIds[name] === undefined)) {
      return mem0Error(400, `At least one entity id is required: ${entityIdNames.join(', ')}`);
    }
    for (const { role, content } of messages) {
      if (role === 'user') store.add(content, entityIds, metadata ?? null);
    }
    return HttpResponse.json({
      message: 'Memory processing has been queued for background execution',
      status: 'PENDING',
      event_id: randomUUID(),
    });
  });
}
