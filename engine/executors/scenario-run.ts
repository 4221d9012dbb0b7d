import { epochNow } from '../base/epoch-clock.ts';
import type { Plan, ScenarioConfig } from './plan.ts';
import type { Share } from './share.ts';

/** A running scenario as exposed to scripts. */
export class ScenarioRun {
  readonly config: ScenarioConfig;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt = epochNow();
  readonly #share: Share;
  #iterations = 0;
  readonly #ofVus = new Map<object, { begun: number }>();
  #progress: () => number = () => 0;

  constructor({ config, share }: Pick<Plan, 'config' | 'share'>) {
    this.config = config;
    this.#share = share;
  }

  /** The scenario's progress, from 0 to 1. */
  get progress(): number {
    return Math.min(1, Math.max(0, this.#progress()));
  }

  measureProgress(by: () => number): void {
    this.#progress = by;
  }

  /** Returns the count of a VU's iterations. A VU may join the scenario, leave it and join it again. */
  countOf(vu: object): { begun: number } {
    const count = this.#ofVus.get(vu) ?? { begun: 0 };
    this.#ofVus.set(vu, count);
    return count;
  }

  /** Returns the zero-based numbers of a new iteration, both within this instance and within the whole test. */
  takeIteration(): { inInstance: number; inTest: number } {
    const nth = this.#iterations;
    this.#iterations += 1;
    return { inInstance: this.#share.numberInInstance(nth), inTest: this.#share.numberOf(nth) };
  }
}
