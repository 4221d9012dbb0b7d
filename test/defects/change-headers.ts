import type { RequestHandler, Response } from 'express';

/** Returns a limiter that sets the response headers like another limiter and then changes them. */
export const changeHeaders =
  (limiter: RequestHandler, change: (response: Response, isRefused: boolean) => void): RequestHandler =>
  (request, response, next) =>
    limiter(request, response, (error?: unknown) => {
      change(response, error !== undefined);
      next(error);
    });

/** Changes one number of the RateLimit header (`limit`, `remaining` or `reset`), if the response has that header. */
export function changeRateLimit(response: Response, name: string, change: (told: number) => number): void {
  const told = response.getHeader('RateLimit');
  if (typeof told !== 'string') return;
  const changed = told.replace(new RegExp(`(?<=${name}=)\\d+`), (number) => String(change(Number(number))));
  response.setHeader('RateLimit', changed);
}
