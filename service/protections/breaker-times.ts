import { Counter, type Registry } from 'prom-client';
import type { Clock } from '../base/clock.ts';
import type { Upstream } from '../base/upstream.ts';
import type { BreakerState } from './circuit-breaker.ts';

interface Stay {
  readonly state: BreakerState;
  /** The time up to which the current state has been counted. */
  countedUntil: number;
}

/** Measures how long each breaker is in each state. The counter is named `circuit_breaker_state_seconds_total`. */
export class BreakerTimes {
  readonly #clock: Clock;
  readonly #counter: Counter<'breaker' | 'state'>;
  readonly #stays = new Map<Upstream, Stay>();

  constructor(registry: Registry, clock: Clock) {
    this.#clock = clock;
    const count = () => this.#countAll();
    this.#counter = new Counter({
      name: 'circuit_breaker_state_seconds_total',
      help: 'Seconds that each breaker spent in each state',
      labelNames: ['breaker', 'state'],
      registers: [registry],
      collect: count,
    });
  }

  /** Records that the breaker is in the given state from now on. */
  enter(breaker: Upstream, state: BreakerState): void {
    this.#countAll();
    this.#stays.set(breaker, { state, countedUntil: this.#clock.now() });
  }

  #countAll(): void {
    const now = this.#clock.now();
    for (const [breaker, stay] of this.#stays) {
      this.#counter.inc({ breaker, state: stay.state }, (now - stay.countedUntil) / 1000);
      stay.countedUntil = now;
    }
  }
}
