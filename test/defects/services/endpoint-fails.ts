/** Defect: an endpoint responds with 500. */

import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/smoke', 'endpoints-served', 'serves openapi');

if (import.meta.main)
  await runWithParts(({ limiters }) => ({
    limiters: { ...limiters, openapi: (_request, response) => response.status(500).end() },
  }));
