import type { z } from 'zod';
import { type Route, route } from '../../faults/upstream/route.ts';
import { answer } from './answer.ts';
import { badRequest } from './errors.ts';
import type { Mem0State } from './mem0-state.ts';
import { type EntityIds, entitiesOf, entityIdNames, type Memory } from './memory.ts';
import { readJson, validate } from './read-body.ts';
import { additionSchema } from './request-schemas.ts';

const QUEUED = { message: 'Memory processing has been queued for background execution', status: 'PENDING' };

/**
 * `POST /v3/memories/add/`: stores each of the user's messages as a memory, which can be found when the event has
 * SUCCEEDED. With `infer: false`, all messages are stored immediately, and the response contains the memories.
 */
export const addMemories = (state: Mem0State): Route =>
  route.post('*/v3/memories/add/', ({ request }) =>
    answer(state, request, async () => {
      const { body, added, event_id } = add(state, validate(additionSchema, await readJson(request)));
      if (body.infer) return { ...QUEUED, event_id };
      return { message: 'Memories added successfully', status: 'SUCCEEDED', event_id, results: resultsOf(added) };
    }),
  );

/** `POST /v1/memories/` in SDK 2: the same, but the response is a list or, with `output_format: "v1.1"`, an object. */
export const addMemoriesV1 = (state: Mem0State): Route =>
  route.post('*/v1/memories/', ({ request }) =>
    answer(state, request, async () => {
      const { body, added, event_id } = add(state, validate(additionSchema, await readJson(request)));
      const results = body.infer && body.async_mode ? [{ ...QUEUED, event_id }] : resultsOf(added);
      return body.output_format === 'v1.1' ? { results, relations: [] } : results;
    }),
  );

const resultsOf = (added: readonly Memory[]) =>
  added.map(({ id, memory }) => ({ id, event: 'ADD', memory, data: { memory } }));

function add(state: Mem0State, body: z.output<typeof additionSchema>) {
  const { messages, metadata, expiration_date, infer, async_mode, user_id, agent_id, app_id, run_id } = body;
  const entityIds: EntityIds = { user_id, agent_id, app_id, run_id };
  if (entitiesOf(entityIds).length === 0) {
    throw badRequest(`At least one entity id is required: ${entityIdNames.join(', ')}`);
  }

  const isQueued = infer && async_mode;
  const durationMs = isQueued ? state.settings.eventMs : 0;
  const fails = isQueued && state.nextEventFails();
  const texts = messages.filter(({ role }) => role === 'user' || !infer).map(({ content }) => textOf(content));
  const added = (fails ? [] : texts)
    .filter((text) => text !== '')
    .map((memory) =>
      state.store.add(
        { memory, entityIds, input: messages, metadata: metadata ?? null, expiration_date: expiration_date ?? null },
        durationMs,
      ),
    );
  const event_id = state.events.begin({
    type: 'ADD',
    durationMs,
    fails,
    payload: { messages, ...entityIds, metadata },
    memories: added,
  });
  return { body, added, event_id };
}

/** Returns the text in a message's content, which is a string or a list of parts. Some of the parts contain text. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const texts = [content].flat().map((part) => Reflect.get(Object(part), 'text'));
  return texts.filter((text) => typeof text === 'string').join('\n');
}
