import type { RequestHandler } from 'express';
import { ServiceError } from '../base/errors.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { userOf } from '../protections/authentication.ts';
import { idSchema, read } from '../schemas/bodies.ts';
import { conversationEvents } from '../storage/events.ts';

/**
 * `GET /v1/conversations/:id`: returns the conversation's events, oldest first, using exactly one query and no upstream
 * calls. Other users' conversations are not found.
 */
export function conversationsRead({ database }: Dependencies): RequestHandler {
  return async (request, response) => {
    const conversationId = read(idSchema, request.params.id);
    const events = await conversationEvents(database, userOf(response), conversationId);
    if (events.length === 0) {
      throw new ServiceError('not_found', `There is no conversation ${JSON.stringify(conversationId)}.`);
    }
    response.json({ conversation_id: conversationId, events });
  };
}
