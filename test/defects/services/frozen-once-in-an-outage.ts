/** Defect: the first failed call to the LLM blocks the event loop for ten seconds. */
import { runWithLlmFailure } from '../on-llm-failure.ts';

let isFirst = true;

await runWithLlmFailure((error) => {
  if (isFirst) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
  isFirst = false;
  throw error;
});
