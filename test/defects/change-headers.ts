import type { RequestHandler, Response } from 'express';

/** A limiter whose answers' headers are changed once it has set them. */
export const changeHeaders =
  (limiter: RequestHandler, change: (response: Response, isRefused: boolean) => void): RequestHandler =>
  (request, response, next) =>
    limiter(request, response, (error?: unknown) => {
      change(response, error !== undefined);
      next(error);
    });
