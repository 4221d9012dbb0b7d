import Opossum from 'opossum';
import type { ServiceError } from '../../../service/base/errors.ts';
import type { Upstream } from '../../../service/base/upstream.ts';
import type { Dependencies } from '../../../service/dependencies/dependencies.ts';
import type { BreakerSettings } from '../../../service/protections/breakers.ts';
import type { BreakerState } from '../../../service/protections/circuit-breaker.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { PlainBreaker } from '../plain-breaker.ts';
import { withParts } from '../run-with.ts';

/**
 * The numbers from test/defects/breakers/rated.ts: a time window for the LLM and a count-based window for the memory
 * API.
 */
const RATE = 0.5;
const MINIMUM = 4;
export const WINDOW_MS = 6_000;
const WINDOW_CALLS = 6;

/**
 * A correct breaker that opens by failure rate, like the one in resilience4j: it opens at the rate itself, even after a
 * success, and its window is empty after closing.
 */
abstract class RatedBreaker extends PlainBreaker {
  protected outcomes: { at: number; isFailure: boolean }[] = [];

  protected abstract window(): RatedBreaker['outcomes'];

  protected isOver(failures: number, calls: number): boolean {
    return calls >= MINIMUM && failures / calls >= RATE;
  }

  protected override succeeded(began: BreakerState): void {
    if (began === 'half_open') this.outcomes = [];
    else this.note(false);
    super.succeeded(began);
  }

  protected override failed(began: BreakerState): void {
    if (began === 'half_open') this.open();
    else this.note(true);
  }

  protected note(isFailure: boolean): void {
    this.outcomes.push({ at: Date.now(), isFailure });
    this.outcomes = this.window();
    const failures = this.outcomes.filter((outcome) => outcome.isFailure).length;
    if (this.isOver(failures, this.outcomes.length)) this.open();
  }

  protected open(): void {
    this.openedAt = Date.now();
    this.enter('open');
  }
}

/** Evaluates the calls of the last few seconds, and opens only above the rate. */
export class TimedBreaker extends RatedBreaker {
  protected window(): RatedBreaker['outcomes'] {
    return this.outcomes.filter(({ at }) => at > Date.now() - WINDOW_MS);
  }

  protected override isOver(failures: number, calls: number): boolean {
    return calls >= MINIMUM && failures / calls > RATE;
  }
}

/** Evaluates the last few calls. */
export class CountedBreaker extends RatedBreaker {
  protected window(): RatedBreaker['outcomes'] {
    return this.outcomes.slice(-WINDOW_CALLS);
  }
}

/** The numbers from test/defects/breakers/windowed.ts. */
const WINDOW_FAILURES = 3;
export const FAILURES_MS = 4_000;

/** Counts the failures of the last few seconds, whatever else happened in them. */
export class WindowedBreaker extends RatedBreaker {
  protected readonly needed: number = WINDOW_FAILURES;

  protected window(): RatedBreaker['outcomes'] {
    return this.outcomes.filter(({ at }) => at > Date.now() - FAILURES_MS);
  }

  protected override isOver(failures: number): boolean {
    return failures >= this.needed;
  }
}

/** opossum with its own rule for opening. */
export class OpossumBreaker extends PlainBreaker {
  readonly #circuit: Opossum<[() => Promise<unknown>], unknown>;

  constructor(upstream: Upstream, parts: Dependencies, settings: BreakerSettings) {
    super(upstream, parts, settings);
    this.#circuit = new Opossum((upstreamCall: () => Promise<unknown>) => upstreamCall(), {
      timeout: false,
      errorThresholdPercentage: RATE * 100,
      rollingCountTimeout: WINDOW_MS,
      volumeThreshold: MINIMUM,
      resetTimeout: settings.recoveryTimeoutMs,
      errorFilter: (error: unknown) => !(error instanceof UpstreamError && error.countsAsFailure),
    });
    this.#circuit.on('open', () => {
      this.openedAt = Date.now();
      this.enter('open');
    });
    this.#circuit.on('halfOpen', () => this.enter('half_open'));
    this.#circuit.on('close', () => this.enter('closed'));
  }

  override async call<T>(upstreamCall: () => Promise<T>): Promise<T> {
    try {
      return (await this.#circuit.fire(upstreamCall)) as T;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EOPENBREAKER') throw this.refuse();
      throw error;
    }
  }

  override refusal(): ServiceError | undefined {
    return this.#circuit.opened ? this.refuse() : undefined;
  }

  override close(): void {
    this.#circuit.shutdown();
  }
}

/** Runs the reference service with these breakers, or without any if its settings disable them. */
export const runWithBreakers = (Llm: typeof PlainBreaker, Memory: typeof PlainBreaker): Promise<void> =>
  withParts((parts, { breakers }) =>
    breakers.enabled
      ? {
          breakers: {
            ...parts.breakers,
            llm: new Llm('llm', parts, breakers),
            memory: new Memory('memory', parts, breakers),
          },
        }
      : {},
  )();
