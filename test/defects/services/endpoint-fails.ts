/** Defect: an endpoint responds with 500. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: { ...limiters, docs: (_request, response) => response.status(500).end() },
}));
