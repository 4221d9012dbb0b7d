import { now } from '../metrics/collector.ts';
import type { ScenarioConfig } from './plan.ts';

/** A scenario that has begun, as scripts see it. */
export class ScenarioRun {
  readonly config: ScenarioConfig;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt = now();
  #iterations = 0;
  #progress: () => number = () => 0;

  constructor(config: ScenarioConfig) {
    this.config = config;
  }

  /** From 0 to 1. */
  get progress(): number {
    return Math.min(1, Math.max(0, this.#progress()));
  }

  measureProgress(by: () => number): void {
    this.#progress = by;
  }

  /** The number of the iteration that begins now, from 0. */
  takeIteration(): number {
    this.#iterations += 1;
    return this.#iterations - 1;
  }
}
