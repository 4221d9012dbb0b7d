import { percentile } from '../../base/percentile.ts';
import type { HistoryEvent, RequestSample } from '../../history/events.ts';
import { describeFault, isHealing } from '../timeline/fault-windows.ts';
import { type Outcome, outcomeOf } from '../timeline/outcome.ts';
import type { Announced } from './display.ts';

/** The time windows over which rates and percentiles are calculated. */
const RATE_MS = 1_000;
const LATENCY_MS = 5_000;

/** A running scenario's reported state. Times are in milliseconds since the epoch. */
export class ScenarioState {
  readonly announced: Announced;
  readonly began: number;
  phase = '';
  connections = 0;
  readonly breakers: Map<string, string>;
  /** For each breaker, the log line of its last transition. */
  readonly lastLines = new Map<string, string>();
  #faults: { upstream: string; id: string; text: string; lasting: boolean }[] = [];
  #requests: RequestSample[] = [];

  constructor(announced: Announced, now: number) {
    this.announced = announced;
    this.began = now;
    this.breakers = new Map(announced.breakers.map((breaker) => [breaker, 'closed']));
  }

  see(event: HistoryEvent): void {
    if (event.type === 'phase') this.phase = event.title;
    if (event.type === 'connections') this.connections = event.total;
    if (event.type === 'transition') {
      this.breakers.set(event.breaker, event.to);
      this.lastLines.set(event.breaker, event.line);
    }
    if (event.type === 'fault') this.#seeFault(event);
    if (event.type === 'service' && event.event === 'started') {
      for (const breaker of this.breakers.keys()) this.breakers.set(breaker, 'closed');
    }
  }

  request(sample: RequestSample): void {
    this.#requests.push(sample);
    // Discard old requests, because a long run must not keep all of them.
    const old = sample.at - 4 * LATENCY_MS;
    if (this.#requests.length % 1_000 === 0) this.#requests = this.#requests.filter(({ at, ms }) => at + ms > old);
  }

  /** Active faults, each with its upstream. */
  get faults(): string[] {
    return this.#faults.map(({ upstream, text }) => `${upstream} ${text}`);
  }

  /** Returns the requests per second by outcome over the last second. */
  rates(now: number): Map<Outcome, number> {
    const recent = this.#since(now - RATE_MS);
    return new Map(
      [...Map.groupBy(recent, ({ status }) => outcomeOf(status))].map(([outcome, of]) => [outcome, of.length]),
    );
  }

  /** Returns the latency over the last five seconds in milliseconds, or undefined if there were no responses. */
  latency(now: number): { p50: number; p99: number } | undefined {
    const times = this.#since(now - LATENCY_MS).flatMap(({ status, ms }) => (status === 0 ? [] : [ms]));
    return times.length === 0 ? undefined : { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
  }

  #since(moment: number): RequestSample[] {
    return this.#requests.filter(({ at, ms }) => at + ms > moment);
  }

  #seeFault(event: Extract<HistoryEvent, { type: 'fault' }>): void {
    const { upstream, id, asked } = event;
    if (id === undefined) {
      this.#faults = this.#faults.filter((fault) => !isHealing(event, fault));
      return;
    }
    // A fault that applies to a few requests replaces the previous one of this kind. Whether that one was used up is
    // known only later, from the receipts.
    const kept = this.#faults.filter((fault) => fault.lasting || fault.upstream !== upstream);
    this.#faults = [...kept, { upstream, id, text: describeFault(asked), lasting: asked.next === undefined }];
  }
}
