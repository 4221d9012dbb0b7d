/** Defect: if the LLM fails, the event is stored as pending, but the caller gets an internal error. */

import { caughtBy } from '../defect.ts';
import { runWithLlmFailure } from '../on-llm-failure.ts';

export const caught = caughtBy('chaos/accepted-work', 'work-accepted', 'accepts work: conversation-end without groq');

if (import.meta.main)
  await runWithLlmFailure(() => {
    throw new Error('the analysis failed');
  });
