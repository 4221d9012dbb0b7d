import { z } from 'zod';
import type { ChatMessage } from '../schemas/chat-message.ts';
import { storableText } from '../schemas/storable-text.ts';
import type { PostJson } from './json-client.ts';
import type { RequestBudget } from './request-budget.ts';

/** What is to be remembered, and of whom. */
interface MemoryInput {
  readonly userId: string;
  readonly conversationId: string;
  readonly messages: readonly ChatMessage[];
}

/** The memory API. Both calls fail with `memory_unavailable` (UpstreamError), `memory_busy` or `budget_exhausted`. */
export interface MemoryClient {
  /** `extract_memories_from_api`: has memories extracted, which goes on there in the background; its event's id. */
  extract(input: MemoryInput, budget: RequestBudget): Promise<string>;
  /** The user's memories that fit the query, best first. */
  search(userId: string, query: string, budget: RequestBudget): Promise<string[]>;
}

// Some failures come as 200 with an error in the body.
const error = z.null().optional();
const addedSchema = z.object({
  error,
  event_id: storableText(200),
  status: z.string().refine((status) => status !== 'FAILED'),
});
const foundSchema = z.object({ error, results: z.array(z.object({ memory: z.string() })) });

/** The memory client over Mem0's API, version 3. */
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
