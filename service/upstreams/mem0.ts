import { z } from 'zod';
import type { ChatMessage } from '../schemas/chat-message.ts';
import { storableText } from '../schemas/storable-text.ts';
import type { PostJson } from './json-client.ts';
import type { RequestBudget } from './request-budget.ts';

/** A conversation to extract memories from. */
interface MemoryInput {
  readonly userId: string;
  readonly conversationId: string;
  readonly messages: readonly ChatMessage[];
}

/**
 * The memory API. Both calls fail with UpstreamError `memory_unavailable`, or ServiceError `memory_busy` or
 * `budget_exhausted`.
 */
export interface MemoryClient {
  /**
   * Starts extracting memories and returns the extraction's ID. The extraction continues in the background. The
   * specification calls this `extract_memories_from_api`.
   */
  extract(input: MemoryInput, budget: RequestBudget): Promise<string>;
  /** Returns the user's memories that match the query, best match first. */
  search(userId: string, query: string, budget: RequestBudget): Promise<string[]>;
}

// Some failures have status 200 and an error in the body.
const error = z.null().optional();
const addedSchema = z.object({
  error,
  event_id: storableText(200),
  status: z.string().refine((status) => status !== 'FAILED'),
});
const foundSchema = z.object({ error, results: z.array(z.object({ memory: z.string() })) });

/** Creates a client for version 3 of the Mem0 API. */
export function createMem0Client(post: PostJson): MemoryClient {
  return {
    async extract({ userId, conversationId, messages }, budget) {
      const body = { user_id: userId, messages, metadata: { conversation_id: conversationId } };
      const added = await post('/v3/memories/add/', body, addedSchema, budget);
      return added.event_id;
    },
    async search(userId, query, budget) {
      const body = { query, filters: { user_id: userId } };
      const found = await post('/v3/memories/search/', body, foundSchema, budget);
      return found.results.map(({ memory }) => memory);
    },
  };
}
