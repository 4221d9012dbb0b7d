/** Defect: a failed call is retried below the breaker, which only sees the last attempt. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('chaos/llm-outage', 'breaker-stays-closed', 'stays closed below');

if (import.meta.main)
  await runWithParts(({ llm }) => ({
    llm: { invoke: (prompt, budget) => llm.invoke(prompt, budget).catch(() => llm.invoke(prompt, budget)) },
  }));
