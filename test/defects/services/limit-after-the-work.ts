/** Defect: the limit is applied only after the request has been processed. */
import type { RequestHandler } from 'express';
import { caughtBy } from '../defect.ts';
import { runWithParts } from '../run-with.ts';

export const caught = caughtBy(
  'stress/rate-limits',
  'rate-limit-spares-upstreams',
  'refused calls cost no upstream request: groq',
);

if (import.meta.main)
  await runWithParts(({ limiters }) => {
    const late: RequestHandler = (request, response, next) => {
      const send = response.json.bind(response);
      response.json = (body) => {
        response.json = send;
        limiters.activitiesSuggest(request, response, (error?: unknown) => (error ? next(error) : send(body)));
        return response;
      };
      next();
    };
    return { limiters: { ...limiters, activitiesSuggest: late } };
  });
