import { z } from 'zod';
import type { ChatMessage } from '../schemas/chat-message.ts';
import { storableText } from '../schemas/storable-text.ts';
import type { PostJson } from './json-client.ts';
import type { RequestBudget } from './request-budget.ts';

export interface LlmClient {
  /**
   * `_invoke_llm`: returns the answer to a prompt. @throws UpstreamError `llm_unavailable`, ServiceError `llm_busy` or
   * `budget_exhausted`
   */
  invoke(prompt: readonly ChatMessage[], budget: RequestBudget): Promise<string>;
}

const completionSchema = z.object({
  // Some failures have status 200 and an error in the body.
  error: z.null().optional(),
  // Only the first choice is used.
  choices: z.tuple([z.object({ message: z.object({ content: storableText(100_000) }) })], z.unknown()),
});

// gpt-oss always reasons, and its reasoning counts towards max_completion_tokens. At the default effort, no tokens may
// be left for the answer.
const effortOf = (model: string) => (model.startsWith('openai/gpt-oss-') ? { reasoning_effort: 'low' } : {});

/** Creates an LLM client for the chat completions of Groq. */
export function createGroqClient(post: PostJson, model: string): LlmClient {
  const settings = { model, max_completion_tokens: 512, ...effortOf(model) };
  return {
    async invoke(prompt, budget) {
      const body = { ...settings, messages: prompt };
      const completion = await post('/openai/v1/chat/completions', body, completionSchema, budget);
      return completion.choices[0].message.content;
    },
  };
}
