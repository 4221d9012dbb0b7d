import { z } from 'zod';
import type { ChatMessage } from '../schemas/chat-message.ts';
import { storableText } from '../schemas/storable-text.ts';
import type { PostJson } from './json-client.ts';
import type { RequestBudget } from './request-budget.ts';

export interface LlmClient {
  /**
   * Sends a prompt to the LLM and returns its reply. The specification calls this `_invoke_llm`.
   *
   * @throws UpstreamError `llm_unavailable`, ServiceError `llm_busy` or `budget_exhausted`
   */
  invoke(prompt: readonly ChatMessage[], budget: RequestBudget): Promise<string>;
}

const completionSchema = z.object({
  // Some failures have status 200 and an error in the body.
  error: z.null().optional(),
  // Only the first choice is used.
  choices: z.tuple([z.object({ message: z.object({ content: storableText(100_000) }) })], z.unknown()),
});

// gpt-oss always reasons, and its reasoning counts towards max_completion_tokens. With the default effort, there may be
// no tokens left for the answer.
const effortOf = (model: string) => (model.startsWith('openai/gpt-oss-') ? { reasoning_effort: 'low' } : {});

/** Creates an LLM client for Groq's chat completions. */
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
