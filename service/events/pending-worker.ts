import { type Backoff, backoffMs } from '../base/backoff.ts';
import { ServiceError } from '../base/errors.ts';
import type { Dependencies } from '../dependencies/dependencies.ts';
import type { CircuitBreaker } from '../protections/circuit-breaker.ts';
import { claimDueEvent, type EventClaim } from '../storage/event-claims.ts';
import { finishEvent } from './finish-event.ts';

/** Options for the worker. `intervalMs` is the time between two searches for due events. */
export interface PendingWorkerOptions {
  readonly intervalMs: number;
}

export interface PendingWorker {
  /** Finishes all events that are due. Resolves when there are none left or an upstream must not be called. */
  look(): Promise<void>;
  /** Stops the worker after the current event. */
  stop(): Promise<void>;
}

/** Maximum pause after consecutive failures, in intervals. */
const LONGEST_PAUSE = 16;

/**
 * Starts a worker that finishes pending events in the background, one at a time, starting with the one that is most
 * overdue. Several replicas can run a worker, because each one claims its events. No connection is held while an event
 * is being finished. After a failure, an event is retried with a backoff ({@link finishEvent}).
 *
 * The worker's calls go through the breakers and count like all others. The worker makes no calls while a breaker is
 * open. If a breaker is half-open, it leaves the trial to a request, because requests that arrive during a trial are
 * rejected. If no request makes the trial within a whole interval, the worker does so with a single event.
 */
export function startPendingWorker(dependencies: Dependencies, options: PendingWorkerOptions): PendingWorker {
  const { database, breakers, logger, startBudget, eventLeaseMs } = dependencies;
  const { intervalMs } = options;
  const pause: Backoff = { firstMs: intervalMs, longestMs: LONGEST_PAUSE * intervalMs };
  const waitedForTrial = new Set<CircuitBreaker>();
  let stopped = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  /** Returns how many events may be tried now: all due events, one event as a trial, or none. */
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
      logger.info(fields, 'pending event completed');
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code.startsWith('database_')) throw error;
      logger.info({ ...fields, code: error.code }, 'pending event failed; it will be retried');
    }
  }

  async function look(): Promise<void> {
    try {
      await finishDueEvents();
      failures = 0;
    } catch (error) {
      failures += 1;
      logger.warn({ err: error }, 'pending events could not be processed');
    }
  }

  function lookLater(): void {
    timer = setTimeout(
      () => {
        looking = look().then(() => {
          if (!stopped) lookLater();
        });
      },
      backoffMs(pause, failures + 1, Math.random),
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
