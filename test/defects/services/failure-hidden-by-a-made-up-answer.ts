/** Defect: if the LLM fails, the breaker counts the failure, but the caller gets an invented response. */

import { caughtBy } from '../defect.ts';
import { runWithLlmFailure } from '../on-llm-failure.ts';

export const caught = caughtBy(
  'chaos/retry-amplification',
  'faults-answered',
  'answer to plain-500: groq, conversation-end',
);

if (import.meta.main) await runWithLlmFailure(() => 'All is well.' as never);
