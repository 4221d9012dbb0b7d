import { backoffMs } from '../base/backoff.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { completeEvent, type EventClaim, releaseClaim } from '../storage/event-claims.ts';
import type { ConversationEvent } from '../storage/events.ts';
import { analysisPrompt } from '../upstreams/prompts.ts';
import type { RequestBudget } from '../upstreams/request-budget.ts';

type Finishing = Pick<Dependencies, 'breakers' | 'llm' | 'memory' | 'database' | 'logger' | 'eventRest'>;

/**
 * Finishes a claimed event: asks the LLM to analyze the conversation, starts the extraction of memories, and stores
 * both results. Holds no database connection while it waits for an upstream. If it fails, partial results are stored,
 * so that a retry does not repeat the call.
 * @throws The error from the upstream call or the query. The event is then pending and can be claimed again.
 */
export async function finishEvent(
  { breakers, llm, memory, database, logger, eventRest }: Finishing,
  claim: EventClaim,
  budget: RequestBudget,
): Promise<ConversationEvent> {
  const { user_id: userId, conversation_id: conversationId, messages } = claim;
  let { analysis } = claim;
  try {
    const known = analysis ?? (await breakers.llm.call(() => llm.invoke(analysisPrompt(messages), budget)));
    analysis = known;
    const extracted = await breakers.memory.call(() => memory.extract({ userId, conversationId, messages }, budget));
    return await completeEvent(database, claim.event_id, known, extracted);
  } catch (error) {
    const restMs = backoffMs(eventRest, claim.attempts, Math.random);
    await releaseClaim(database, claim, analysis, restMs).catch((failure: unknown) =>
      logger.warn({ err: failure, event: claim.event_id }, 'a claim could not be released; it ends with its lease'),
    );
    throw error;
  }
}
