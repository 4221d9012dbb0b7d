import { type Backoff, backoffMs } from '../base/backoff.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import { completeEvent, type EventClaim, releaseClaim } from '../storage/event-claims.ts';
import type { ConversationEvent } from '../storage/events.ts';
import { analysisPrompt } from '../upstreams/prompts.ts';
import type { RequestBudget } from '../upstreams/request-budget.ts';

/** What finishing an event needs. */
type Finishing = Pick<Dependencies, 'breakers' | 'llm' | 'memory' | 'database' | 'logger'>;

/** An event that failed rests for so long, longer each time, before the worker tries it again. */
const REST: Backoff = { firstMs: 5_000, longestMs: 600_000 };

/**
 * Finishes a claimed event: has the conversation analysed by the LLM, then memories extracted from it, and stores both. No
 * connection is held while an upstream is awaited. What was achieved before a failure is kept, and not asked for again.
 * @throws what an upstream call or the storing failed with; the event is pending then, and free to be claimed again
 */
export async function finishEvent(
  { breakers, llm, memory, database, logger }: Finishing,
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
    const restMs = backoffMs(REST, claim.attempts, Math.random);
    await releaseClaim(database, claim, analysis, restMs).catch((failure: unknown) =>
      logger.warn({ err: failure, event: claim.event_id }, 'a claim could not be given back: its lease has to end'),
    );
    throw error;
  }
}
