import { type Backoff, backoffMs, type Random } from '../base/backoff.ts';
import { ServiceError } from '../base/errors.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import type { CircuitBreaker } from '../protections/circuit-breaker.ts';
import { claimDueEvent, type EventClaim } from '../storage/event-claims.ts';
import { finishEvent } from './finish-event.ts';

/** How the worker goes about it. `intervalMs`: how often it looks for events that are due. */
export interface PendingWorkerOptions {
  readonly intervalMs: number;
  readonly random?: Random;
}

/** The worker, at work. */
export interface PendingWorker {
  /** Looks for due events now. Resolves when none is left, or an upstream is not to be called. */
  look(): Promise<void>;
  /** Ends it, once the event that it is at work on has ended. */
  stop(): Promise<void>;
}

/** Between two looks that failed, the time grows from the interval to sixteen of them. */
const LONGEST_PAUSE = 16;

/**
 * Finishes pending events in the background, one at a time, the longest due first. Safe on several replicas: each claims what
 * it works on, and no connection is held meanwhile. Each event rests after a failure ({@link finishEvent}).
 *
 * Its calls go through the breakers like any other and count like any other. While a breaker is open it does not call. The
 * trial is left to a request, since a request that comes during a trial is refused: the worker makes it, with one event, only
 * where a whole interval of half-open has passed and no request came.
 */
export function startPendingWorker(dependencies: Dependencies, options: PendingWorkerOptions): PendingWorker {
  const { database, breakers, logger, startBudget, eventLeaseMs } = dependencies;
  const { intervalMs, random = Math.random } = options;
  const pause: Backoff = { firstMs: intervalMs, longestMs: LONGEST_PAUSE * intervalMs };
  const waitedForTrial = new Set<CircuitBreaker>();
  let stopped = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  /** How many events may be tried now: all that are due, one as a trial, or none. */
  function allowance(): number {
    let allowed = Number.POSITIVE_INFINITY;
    for (const breaker of [breakers.llm, breakers.memory]) {
      if (breaker.state === 'open') allowed = 0;
      if (breaker.state !== 'half_open') {
        waitedForTrial.delete(breaker);
      } else {
        allowed = Math.min(allowed, waitedForTrial.has(breaker) ? 1 : 0);
        waitedForTrial.add(breaker);
      }
    }
    return allowed;
  }

  async function finishDueEvents(): Promise<void> {
    for (let left = allowance(); left > 0 && !stopped; left -= 1) {
      const claim = await claimDueEvent(database, eventLeaseMs);
      if (!claim) return;
      await finish(claim);
      if (breakers.llm.state === 'open' || breakers.memory.state === 'open') return;
    }
  }

  async function finish(claim: EventClaim): Promise<void> {
    const fields = { event: claim.event_id, attempts: claim.attempts };
    try {
      await finishEvent(dependencies, claim, startBudget());
      logger.info(fields, 'a pending event is complete');
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code.startsWith('database_')) throw error;
      logger.info({ ...fields, code: error.code }, 'a pending event rests');
    }
  }

  async function look(): Promise<void> {
    try {
      await finishDueEvents();
      failures = 0;
    } catch (error) {
      failures += 1;
      logger.warn({ err: error }, 'pending events could not be looked after');
    }
  }

  function lookLater(): void {
    timer = setTimeout(
      () => {
        looking = look().then(() => {
          if (!stopped) lookLater();
        });
      },
      backoffMs(pause, failures + 1, random),
    );
    timer.unref();
  }

  lookLater();
  return {
    look,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
