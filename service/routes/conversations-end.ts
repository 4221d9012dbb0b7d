import type { RequestHandler } from 'express';
import { wholeSeconds } from '../clock.ts';
import type { Dependencies } from '../dependencies.ts';
import { ServiceError } from '../errors.ts';
import { finishEvent } from '../finish-event.ts';
import { requireUser } from '../protections/authentication.ts';
import { claimEvent } from '../storage/event-claims.ts';
import { conversationsEndSchema, read } from './bodies.ts';

const IN_PROGRESS_RETRY_MS = 1000;

/**
 * `POST /v1/conversations/end`: keeps the conversation's event, then finishes it. Answers, each only once it is committed:
 * 201 with the event that this request completed, 200 with one that was complete before, 202 with one that is being
 * completed by another request or the worker. Where an upstream fails or is not called, the answer is that error, and its
 * field `event` says that the event is kept as pending: the same request again, or the worker, finishes it.
 */
export function conversationsEnd(dependencies: Dependencies): RequestHandler {
  const { database, startBudget, eventLeaseMs } = dependencies;
  return async (request, response) => {
    const { user_id, conversation_id: conversationId, messages } = read(conversationsEndSchema, request.body);
    const userId = requireUser(response, user_id);
    const budget = startBudget();
    const outcome = await claimEvent(database, { userId, conversationId, messages }, eventLeaseMs);
    switch (outcome.kind) {
      case 'claimed': {
        const { event_id, status } = outcome.claim;
        response.locals.keptEvent = { event_id, status };
        response.status(201).json(await finishEvent(dependencies, outcome.claim, budget));
        return;
      }
      case 'complete':
        response.json(outcome.event);
        return;
      case 'claimed_elsewhere':
        response.set('Retry-After', String(wholeSeconds(IN_PROGRESS_RETRY_MS)));
        response.status(202).json(outcome.event);
        return;
      case 'differs':
        throw new ServiceError(
          'conversation_conflict',
          `The user's conversation ${JSON.stringify(conversationId)} was kept with other messages.`,
        );
    }
  };
}
