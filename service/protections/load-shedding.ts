import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { RequestHandler } from 'express';
import { ServiceError } from '../base/errors.ts';

/** Tells how far the event loop is behind, and how far it may be, in milliseconds. */
export interface LoadMeter {
  readonly delayMs: number;
  readonly maxDelayMs: number;
  /** Ends the measuring. */
  close(): void;
}

const RESOLUTION_MS = 10;
const SAMPLE_MS = 250;
const RETRY_AFTER_SECONDS = 1;

/**
 * Measures the event loop's mean delay over the last {@link SAMPLE_MS}. The mean, since a single long pause (a garbage
 * collection) is over when it is seen, while a loop that drowns is late at every turn.
 */
export function measureEventLoop(maxDelayMs: number): LoadMeter {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let delayMs = 0;
  const timer = setInterval(() => {
    // Its samples are the times between two turns of a timer: its own period is no delay. None at all gives NaN.
    delayMs = Math.max(0, (histogram.mean || 0) / 1e6 - RESOLUTION_MS);
    histogram.reset();
  }, SAMPLE_MS).unref();
  return {
    maxDelayMs,
    get delayMs() {
      return delayMs;
    },
    close() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}

/**
 * Refuses requests with `overloaded` while the event loop's delay is above `maxDelayMs`, before anything else is done for
 * them: what is in flight ends in time, and the loop catches up.
 */
export function shedLoad(meter: Pick<LoadMeter, 'delayMs' | 'maxDelayMs'>): RequestHandler {
  return (_request, _response, next) => {
    if (meter.delayMs <= meter.maxDelayMs) return next();
    const message = `The service is overloaded: its event loop is ${Math.round(meter.delayMs)} ms behind.`;
    next(new ServiceError('overloaded', message, { retryAfterSeconds: RETRY_AFTER_SECONDS }));
  };
}
