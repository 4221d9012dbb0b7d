import type { Matchable } from '../kinds/fault.ts';
import { isOn } from './flapping.ts';
import { matches } from './match.ts';
import type { FaultScope } from './scope.ts';

/** What a fault does with a request: it is not meant (`excluded`), it is let through, or it is disrupted. */
export type Decision = 'excluded' | 'passed' | 'disrupted';

/** Decides, request by request, on which a fault acts. No clock and no chance: the same requests, the same decisions. */
export class Gate {
  readonly #scope: FaultScope;
  /** Requests that match; of these, those in a phase that is on; of these, those disrupted. */
  #matched = 0;
  #on = 0;
  #disrupted = 0;

  constructor(scope: FaultScope) {
    this.#scope = scope;
  }

  /** Whether it has disrupted the `next` requests that it was meant for. */
  get isSpent(): boolean {
    return this.#scope.next !== undefined && this.#disrupted >= this.#scope.next;
  }

  decide(request: Matchable, activeMilliseconds: number): Decision {
    if (!matches(this.#scope, request)) return 'excluded';
    if (!isOn(this.#scope.flapping, activeMilliseconds, this.#matched++)) return 'passed';
    this.#on++;
    if (this.#scope.rate !== undefined && !this.#isDue(this.#scope.rate)) return 'passed';
    this.#disrupted++;
    return 'disrupted';
  }

  /**
   * Whether disrupting this request (already counted) brings the running ratio closer to the rate than letting it pass;
   * a tie passes. So at any time the disrupted are round(rate × matched), without drift.
   */
  #isDue(rate: number): boolean {
    return this.#disrupted + 0.5 < rate * this.#on;
  }
}
