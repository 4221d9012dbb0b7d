import { z } from 'zod';
import { storableText } from '../storable-text.ts';
import type { ChatMessage } from './groq.ts';
import type { PostJson } from './json-client.ts';

/** What is to be remembered, and of whom. */
interface MemoryInput {
  readonly userId: string;
  readonly conversationId: string;
  readonly messages: readonly ChatMessage[];
}

/** The memory API. Both calls fail with UpstreamError `memory_unavailable`. */
export interface MemoryClient {
  /** `extract_memories_from_api`: has memories extracted, which goes on there in the background; its event's id. */
  extract(input: MemoryInput): Promise<string>;
  /** The user's memories that fit the query, best first. */
  search(userId: string, query: string): Promise<string[]>;
}

const addedSchema = z.object({ event_id: storableText(200), status: z.string() });
const foundSchema = z.object({ results: z.array(z.object({ memory: z.string() })) });

/** The memory client over Mem0's API, version 3. */
export function createMem0Client(post: PostJson): MemoryClient {
  return {
    async extract({ userId, conversationId, messages }) {
      const body = { user_id: userId, messages, metadata: { conversation_id: conversationId } };
      const added = await post('/v3/memories/add/', body, addedSchema);
      return added.event_id;
    },
    async search(userId, query) {
      const found = await post('/v3/memories/search/', { query, filters: { user_id: userId } }, foundSchema);
      return found.results.map(({ memory }) => memory);
    },
  };
}
