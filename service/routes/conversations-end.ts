import type { RequestHandler, Response } from 'express';
import { wholeSeconds } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { finishEvent } from '../events/finish-event.ts';
import { requireUser } from '../protections/authentication.ts';
import { conversationsEndSchema, read } from '../schemas/bodies.ts';
import { claimEvent, keepEvent } from '../storage/event-claims.ts';
import type { ConversationEvent } from '../storage/events.ts';
import { ToldPending } from '../storage/told-pending.ts';

const IN_PROGRESS_RETRY_MS = 1000;

/**
 * `POST /v1/conversations/end`: keeps the conversation's event, then finishes it. Answers, each only once it is committed:
 * 201 with the event that this request completed, 200 with one that was complete before, 202 with one that is being
 * completed by another request or the worker. Where an upstream fails or is not called, the answer is that error, and its
 * field `event` says that the event is kept as pending: the same request again, or the worker, finishes it. While the LLM's
 * breaker is open that is known beforehand: the event is kept, nobody claims it, and who asks again at once is told the same.
 */
export function conversationsEnd(dependencies: Dependencies): RequestHandler {
  const { breakers, database, startBudget, eventLeaseMs } = dependencies;
  const told = new ToldPending();
  return async (request, response) => {
    const { user_id, conversation_id: conversationId, messages } = read(conversationsEndSchema, request.body);
    const userId = requireUser(response, user_id);
    const budget = startBudget();
    const conversation = { userId, conversationId, messages };
    const refusal = breakers.llm.refusal();
    const outcome = refusal
      ? await told.keep(conversation, () => keepEvent(database, conversation))
      : await claimEvent(database, conversation, eventLeaseMs);
    switch (outcome.kind) {
      case 'claimed': {
        tellKept(response, outcome.claim);
        response.status(201).json(await finishEvent(dependencies, outcome.claim, budget));
        return;
      }
      case 'complete':
        response.json(outcome.event);
        return;
      case 'pending':
        if (refusal) {
          tellKept(response, outcome.event);
          throw refusal;
        }
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

/** Has an error, if the request ends in one, say that the event is kept all the same. */
function tellKept(response: Response, { event_id, status }: ConversationEvent): void {
  response.locals.keptEvent = { event_id, status };
}
