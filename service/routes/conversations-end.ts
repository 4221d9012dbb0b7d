import type { RequestHandler, Response } from 'express';
import { wholeSeconds } from '../base/clock.ts';
import { ServiceError } from '../base/errors.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { finishEvent } from '../events/finish-event.ts';
import { requireUser } from '../protections/authentication.ts';
import { conversationsEndSchema, read } from '../schemas/bodies.ts';
import { claimEvent, keepEvent } from '../storage/event-claims.ts';
import type { ConversationEvent } from '../storage/events.ts';
import { ReportedPending } from '../storage/reported-pending.ts';

const IN_PROGRESS_RETRY_MS = 1000;

/**
 * `POST /v1/conversations/end`: stores the conversation's event and finishes it. Responses are sent after the commit:
 * 201 if this request completed the event, 200 if the event was already complete, or 202 if another request or the
 * worker is completing it.
 *
 * If an upstream fails or its breaker is open, the response is that error. Its `event` field shows that the event is
 * stored as pending; either the worker or a repeated request finishes it. If the LLM breaker is open, the event is
 * stored but not claimed, and immediate retries get the same response.
 */
export function conversationsEnd(dependencies: Dependencies): RequestHandler {
  const { breakers, database, startBudget, eventLeaseMs } = dependencies;
  const reported = new ReportedPending();
  return async (request, response) => {
    const { user_id, conversation_id: conversationId, messages } = read(conversationsEndSchema, request.body);
    const userId = requireUser(response, user_id);
    const budget = startBudget();
    const conversation = { userId, conversationId, messages };
    const refusal = breakers.llm.refusal();
    const outcome = refusal
      ? await reported.keep(conversation, () => keepEvent(database, conversation))
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
          `The user's conversation ${JSON.stringify(conversationId)} already exists with different messages.`,
        );
    }
  };
}

/** Adds the stored event to the error response if the request fails. */
function tellKept(response: Response, { event_id, status }: ConversationEvent): void {
  response.locals.keptEvent = { event_id, status };
}
