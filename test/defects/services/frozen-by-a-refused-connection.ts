/** Defect: after a connection to the LLM was refused, the event loop is busy for a second. */
import { caughtBy } from '../defect.ts';
import { runWithLlmFailure } from '../on-llm-failure.ts';

export const caught = caughtBy(
  'chaos/retry-amplification',
  'health-while-calls-fail',
  'health stays up: calls that fail',
);

if (import.meta.main)
  await runWithLlmFailure((error) => {
    const ends = performance.now() + 1_000;
    while (isRefused(error) && performance.now() < ends);
    throw error;
  });

/** Whether an error has a refused connection among its causes. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' || isRefused(error.cause);
}
