/** Defect: a failed call is made again beneath the breaker, which sees only the last. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ llm }) => ({
  llm: { invoke: (prompt, budget) => llm.invoke(prompt, budget).catch(() => llm.invoke(prompt, budget)) },
}));
