import { z } from 'zod';
import type { ErrorCode } from '../base/errors.ts';

// These schemas only document the replies. A test compares them with actual responses.
const breakerState = z.enum(['closed', 'open', 'half_open', 'disabled']);

const eventStatus = z.enum(['pending', 'complete']);

/** A stored event. Fields of a pending event that are not known yet are null. */
const event = z.strictObject({
  event_id: z.uuid(),
  conversation_id: z.string(),
  user_id: z.string(),
  status: eventStatus,
  analysis: z.string().nullable().describe('Summary of the conversation by the LLM'),
  memory_event_id: z.string().nullable().describe('ID of the extraction in the memory API'),
  created_at: z.iso.datetime(),
});

/** The reply to `POST /v1/conversations/end`: the stored event. */
export const conversationsEndReply = event;

/** The reply to `GET /v1/conversations/{id}`. */
export const conversationsReadReply = z.strictObject({ conversation_id: z.string(), events: z.array(event).min(1) });

/** The reply to `POST /v1/activities/suggest`. */
export const activitiesSuggestReply = z.strictObject({
  user_id: z.string(),
  suggestions: z.array(z.string()).max(5),
  based_on: z.strictObject({ events: z.int().min(0), memories: z.int().min(0) }),
});

/** The reply to `GET /health`. */
export const healthReply = z.strictObject({
  status: z.literal('ok'),
  breakers: z.strictObject({ llm: breakerState, memory: breakerState }),
});

/** The reply to `GET /ready`. */
export const readyReply = z.strictObject({ status: z.literal('ready') });

const details = {
  invalid_request: z.array(z.strictObject({ field: z.string(), message: z.string() })),
  not_ready: z.array(
    z.strictObject({ part: z.enum(['database', 'llm_breaker', 'memory_breaker']), reason: z.string() }),
  ),
};

/** The body of an error with one of the given codes. It includes the stored event if `keepsEvent` is true. */
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
