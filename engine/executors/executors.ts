import { constantArrivalRate, rampingArrivalRate } from './arrival-rate.ts';
import { constantVus } from './constant-vus.ts';
import { perVuIterations } from './per-vu-iterations.ts';
import type { Executor } from './plan.ts';
import { rampingVus } from './ramping-vus.ts';
import { sharedIterations } from './shared-iterations.ts';

/** All executors, by the name used in the scenario options. */
export const EXECUTORS: ReadonlyMap<string, Executor> = new Map(
  [sharedIterations, perVuIterations, constantVus, rampingVus, constantArrivalRate, rampingArrivalRate].map(
    (executor) => [executor.type, executor],
  ),
);
