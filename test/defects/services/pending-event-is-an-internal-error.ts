/** Defect: if the LLM fails, the event is stored as pending, but the caller gets an internal error. */
import { runWithLlmFailure } from '../on-llm-failure.ts';

await runWithLlmFailure(() => {
  throw new Error('the analysis failed');
});
