/** Defect: conversations are not read from the table named in the contract. */
import { runWithParts } from '../run-with.ts';

await runWithParts(({ limiters }) => ({
  limiters: { ...limiters, conversationsRead: (_request, response) => response.status(404).end() },
}));
