import { z } from 'zod';
import type { ErrorCode } from '../base/errors.ts';

// Replies are described, not checked: the service makes them itself, and a test holds each of them to its schema.
const breakerState = z.enum(['closed', 'open', 'half_open', 'disabled']);

const eventStatus = z.enum(['pending', 'complete']);

/** What is not known yet of a pending event is null. */
const event = z.strictObject({
  event_id: z.uuid(),
  conversation_id: z.string(),
  user_id: z.string(),
  status: eventStatus,
  analysis: z.string().nullable().describe('What the LLM made of the conversation'),
  memory_event_id: z.string().nullable().describe('Under which id the memory API extracts memories'),
  created_at: z.iso.datetime(),
});

/** Reply of `POST /v1/conversations/end`: the event, kept. */
export const conversationsEndReply = event;

/** Reply of `GET /v1/conversations/{id}`. */
export const conversationsReadReply = z.strictObject({ conversation_id: z.string(), events: z.array(event).min(1) });

/** Reply of `POST /v1/activities/suggest`. */
export const activitiesSuggestReply = z.strictObject({
  user_id: z.string(),
  suggestions: z.array(z.string()).max(5),
  based_on: z.strictObject({ events: z.int().min(0), memories: z.int().min(0) }),
});

/** Reply of `GET /health`. */
export const healthReply = z.strictObject({
  status: z.literal('ok'),
  breakers: z.strictObject({ llm: breakerState, memory: breakerState }),
});

/** Reply of `GET /ready`. */
export const readyReply = z.strictObject({ status: z.literal('ready') });

const details = {
  invalid_request: z.array(z.strictObject({ field: z.string(), message: z.string() })),
  not_ready: z.array(
    z.strictObject({ part: z.enum(['database', 'llm_breaker', 'memory_breaker']), reason: z.string() }),
  ),
};

/** Body of an error with one of the codes, and with the event that is kept all the same where `keepsEvent`. */
export function errorReply(codes: readonly ErrorCode[], keepsEvent: boolean) {
  const known = codes.flatMap((code) => (code in details ? [details[code as keyof typeof details]] : []));
  return z.strictObject({
    error: z.strictObject({
      code: z.enum(codes),
      message: z.string(),
      ...(known.length > 0 && { details: z.union(known).optional() }),
    }),
    ...(keepsEvent && { event: z.strictObject({ event_id: z.uuid(), status: eventStatus }).optional() }),
  });
}
