/** Defect: the limit is applied only after the request has been processed. */
import type { RequestHandler } from 'express';
import { runWithParts } from '../run-with.ts';

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
