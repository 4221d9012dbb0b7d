import { z } from 'zod';
import { pause } from '../base/clock.ts';
import { readProcessorTime, stolenBetween } from './proc.ts';

/** A machine's timing noise, measured before the service is tested. */
export const noiseFloor = z.object({
  timerLateMs: z.number().nonnegative().describe('Maximum delay of a timer, in milliseconds.'),
  loopbackMs: z
    .number()
    .nonnegative()
    .describe('Maximum duration of a request to a process that responds immediately, in milliseconds.'),
  stolenShare: z
    .number()
    .min(0)
    .max(1)
    .describe('Share of the CPU time that other virtual machines took (steal), or 0 if /proc/stat does not say.'),
});

export type NoiseFloor = z.output<typeof noiseFloor>;

/**
 * How many timers and requests to measure alternately, and each timer's duration in milliseconds. The measurement takes
 * about 0.25 s.
 */
const [LOOKS, TIMER_MS] = [40, 5];

/**
 * Measures this machine's timing noise.
 *
 * @param ask Sends a trivial request to another process on this machine.
 */
export async function measureNoiseFloor(ask: () => Promise<unknown>): Promise<NoiseFloor> {
  await ask(); // measure only requests on an open connection
  const before = readProcessorTime();
  let [timerLateMs, loopbackMs] = [0, 0];
  for (let look = 0; look < LOOKS; look += 1) {
    timerLateMs = Math.max(timerLateMs, (await took(() => pause(TIMER_MS))) - TIMER_MS);
    loopbackMs = Math.max(loopbackMs, await took(ask));
  }
  return { timerLateMs, loopbackMs, stolenShare: stolenBetween(before, readProcessorTime()) };
}

async function took(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

export const describeNoise = ({ timerLateMs, loopbackMs, stolenShare }: NoiseFloor): string =>
  `timers up to ${timerLateMs.toFixed(1)} ms late, a loopback request up to ${loopbackMs.toFixed(1)} ms, ` +
  `${(stolenShare * 100).toFixed(0)} % of the processors stolen`;
