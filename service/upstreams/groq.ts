import { z } from 'zod';
import type { ChatMessage } from '../schemas/chat-message.ts';
import { storableText } from '../schemas/storable-text.ts';
import type { PostJson } from './json-client.ts';
import type { RequestBudget } from './request-budget.ts';

/** The LLM. */
export interface LlmClient {
  /** `_invoke_llm`: answers the prompt with text. @throws UpstreamError `llm_unavailable`, `llm_busy`, `budget_exhausted` */
  invoke(prompt: readonly ChatMessage[], budget: RequestBudget): Promise<string>;
}

const completionSchema = z.object({
  // Some failures come as 200 with an error in the body.
  error: z.null().optional(),
  // Only the first choice is asked for, so further ones may be anything.
  choices: z.tuple([z.object({ message: z.object({ content: storableText(100_000) }) })], z.unknown()),
});

// gpt-oss always reasons, and its reasoning uses up max_completion_tokens too: at its usual effort, no text may be left.
const effortOf = (model: string) => (model.startsWith('openai/gpt-oss-') ? { reasoning_effort: 'low' } : {});

/** The LLM client over Groq's chat completions. */
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
