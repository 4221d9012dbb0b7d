/** Defect: a failed call is retried below the breaker, which only sees the last attempt. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ llm }) => ({
  llm: { invoke: (prompt, budget) => llm.invoke(prompt, budget).catch(() => llm.invoke(prompt, budget)) },
}));
