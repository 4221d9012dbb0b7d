import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { RequestHandler } from 'express';
import { ServiceError } from '../base/errors.ts';

/** The current and the maximum event loop delay, in milliseconds. */
export interface LoadMeter {
  readonly delayMs: number;
  readonly maxDelayMs: number;
  /** Stops the measurement. */
  close(): void;
}

const RESOLUTION_MS = 10;
const SAMPLE_MS = 250;
const RETRY_AFTER_SECONDS = 1;

/**
 * Measures the mean event loop delay in periods of {@link SAMPLE_MS}. The lower of the last two counts: a single pause,
 * such as a garbage collection or a machine that stood still, lies in one of them, while an overloaded loop is late in
 * every turn.
 */
export function measureEventLoop(maxDelayMs: number): LoadMeter {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let [delayMs, latestMs] = [0, 0];
  const timer = setInterval(() => {
    // Samples are the times between two timer turns, so subtract the timer's period. The mean is NaN if there are no
    // samples.
    const meanMs = Math.max(0, (histogram.mean || 0) / 1e6 - RESOLUTION_MS);
    delayMs = Math.min(meanMs, latestMs);
    latestMs = meanMs;
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
 * Rejects requests with `overloaded` while the event loop delay is above `maxDelayMs`. It runs before all other work,
 * so that requests in flight can finish and the event loop recovers.
 */
export function shedLoad(meter: Pick<LoadMeter, 'delayMs' | 'maxDelayMs'>): RequestHandler {
  return (_request, _response, next) => {
    if (meter.delayMs <= meter.maxDelayMs) return next();
    const message = `The service is overloaded: its event loop is ${Math.round(meter.delayMs)} ms behind.`;
    next(new ServiceError('overloaded', message, { retryAfterSeconds: RETRY_AFTER_SECONDS }));
  };
}
