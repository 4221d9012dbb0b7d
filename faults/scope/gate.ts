import type { Matchable } from '../kinds/lib/fault.ts';
import { isOn } from './flapping.ts';
import { matches } from './match.ts';
import type { FaultScope } from './scope.ts';

/** The decision about a request: it doesn't match (`excluded`), it is `passed`, or it is `disrupted`. */
export type Decision = 'excluded' | 'passed' | 'disrupted';

/**
 * Decides for each request whether a fault acts on it. It depends neither on the clock nor on randomness: the same
 * requests give the same decisions.
 */
export class Gate {
  readonly #scope: FaultScope;
  /** The number of matching requests, how many of them arrived in an on phase, and how many were disrupted. */
  #matched = 0;
  #on = 0;
  #disrupted = 0;

  constructor(scope: FaultScope) {
    this.#scope = scope;
  }

  /** Whether `next` requests have been disrupted. */
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
   * Whether disrupting this request, which has already been counted, brings the actual ratio closer to the rate than
   * letting it pass. In case of a tie, it passes. The number of disrupted requests is therefore always round(rate ×
   * matched).
   */
  #isDue(rate: number): boolean {
    return this.#disrupted + 0.5 < rate * this.#on;
  }
}
