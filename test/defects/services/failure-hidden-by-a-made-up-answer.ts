/** Defect: if the LLM fails, the breaker counts the failure, but the caller gets an invented response. */
import { runWithLlmFailure } from '../on-llm-failure.ts';

await runWithLlmFailure(() => 'All is well.' as never);
