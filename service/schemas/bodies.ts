import { z } from 'zod';
import { ServiceError } from '../base/errors.ts';
import { chatMessageSchema } from './chat-message.ts';
import { storableText } from './storable-text.ts';

const ID_MAX = 200;
const MESSAGES_MAX = 500;

/** A user ID or conversation ID with 1 to 200 characters. */
export const idSchema = storableText(ID_MAX);

/** The body of `POST /v1/conversations/end`. */
export const conversationsEndSchema = z.object({
  user_id: idSchema,
  conversation_id: idSchema,
  messages: z.array(chatMessageSchema).min(1).max(MESSAGES_MAX),
});

/** The body of `POST /v1/activities/suggest`. */
export const activitiesSuggestSchema = z.object({ user_id: idSchema });

/**
 * Validates part of a request.
 * @throws ServiceError `invalid_request` with all invalid fields in its details
 */
export function read<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  throw new ServiceError('invalid_request', 'The request does not match the documented schema.', { details });
}
