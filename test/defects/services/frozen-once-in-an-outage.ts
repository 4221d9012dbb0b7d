/** Defect: the first failed call to the LLM blocks the event loop for ten seconds. */

import { caughtBy } from '../defect.ts';
import { runWithLlmFailure } from '../on-llm-failure.ts';

export const caught = caughtBy('chaos/llm-isolation', 'untouched-never-wait', 'never frozen in an outage');

let isFirst = true;

if (import.meta.main)
  await runWithLlmFailure((error) => {
    if (isFirst) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
    isFirst = false;
    throw error;
  });
