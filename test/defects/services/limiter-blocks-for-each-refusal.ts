/** Defect: each refused request blocks the event loop for 5 ms. */
import type { RequestHandler } from 'express';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy('stress/limit-benefit', 'refusals-delay-nobody', 'refused calls delay nobody: …');

const BLOCKED_MS = 5;

function block(): void {
  const until = performance.now() + BLOCKED_MS;
  while (performance.now() < until);
}

const blocking =
  (limiter: RequestHandler): RequestHandler =>
  (request, response, next) => {
    response.once('finish', () => {
      if (response.statusCode === 429) block();
    });
    limiter(request, response, next);
  };

if (import.meta.main)
  await runWithParts(({ limiters }) => {
    const blocked = Object.entries(limiters).map(([name, limiter]) => [name, blocking(limiter)]);
    return { limiters: Object.fromEntries(blocked) as typeof limiters };
  });
