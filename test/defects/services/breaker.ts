import { Agent } from 'undici';
import { ServiceError } from '../../../service/base/errors.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import type { BreakerState, BreakerTransition } from '../../../service/protections/circuit-breaker.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy, runNamed } from '../defect.ts';
import { PlainBreaker, withLlmBreaker } from '../plain-breaker.ts';
import {
  changeError,
  withBreaker,
  withConfiguration,
  withInvoke,
  withLimiter,
  withLlmErrors,
  withParts,
  withSettings,
} from '../run-with.ts';
import { withMemoryAgent } from '../with-memory-client.ts';

type Handler = Parameters<Agent['dispatch']>[1];

class Memory extends PlainBreaker {
  alsoFailed(): void {
    if (this.failures < 3) this.failures += 1;
  }
}

function burn(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

const MOST_MS = 5_000;

export const defects = [
  ...caughtBy('chaos/both-outages', 'outages-apart', {
    // Up to three failures of the LLM also count for the memory API's breaker.
    'llm-failures-count-twice': {
      check: 'opens independently: memory',
      says: 'it counts other failures, too',
      run: withParts((parts, { breakers }) => {
        const memory = new Memory('memory', parts, breakers);
        class Llm extends PlainBreaker {
          protected override failed(began: PlainBreaker['state']) {
            super.failed(began);
            memory.alsoFailed();
          }
        }
        return { breakers: { llm: new Llm('llm', parts, breakers), memory } };
      }),
    },
    // While the memory API's breaker is open, the LLM gets no trial.
    'llm-trial-waits-for-memory': {
      check: 'closes independently: llm',
      run: withBreaker('llm', ({ llm, memory }) => ({
        async call(upstreamCall) {
          if (llm.state === 'half_open' && memory.state !== 'closed') {
            throw new ServiceError('llm_circuit_open', 'All have to be up.', { retryAfterSeconds: 1 });
          }
          return llm.call(upstreamCall);
        },
      })),
    },
    // When the LLM's breaker closes, the memory API's breaker closes too.
    'memory-closes-with-llm': {
      check: 'stays open while its upstream is out: memory',
      run: withParts((parts, { breakers }) => {
        let memory = new PlainBreaker('memory', parts, breakers);
        class AllIsWell extends PlainBreaker {
          protected override succeeded(began: PlainBreaker['state']) {
            super.succeeded(began);
            if (began === 'half_open') memory = new PlainBreaker('memory', parts, breakers);
          }
        }
        return {
          breakers: {
            llm: new AllIsWell('llm', parts, breakers),
            memory: {
              get state() {
                return memory.state;
              },
              call: (upstreamCall) => memory.call(upstreamCall),
              refusal: () => memory.refusal(),
              close: () => memory.close(),
            },
          },
        };
      }),
    },
    // While the LLM's breaker is open, failures of the memory API are not counted.
    'second-outage-not-counted': {
      check: 'opens independently: memory',
      run: withBreaker('memory', ({ llm, memory }) => ({
        call: (upstreamCall) => (llm.state === 'open' ? upstreamCall() : memory.call(upstreamCall)),
      })),
    },
  }),
  ...caughtBy('chaos/count-429', 'failure-policy', {
    // A 429 never counts as a failure, regardless of the setting.
    'too-many-requests-never-count': {
      check: 'counts as failures for llm: status 429',
      run: withSettings({ CIRCUIT_BREAKER_COUNT_429: 'False' }),
    },
  }),
  ...caughtBy('chaos/ignore-429', 'failure-policy', {
    // A 429 counts as a failure, regardless of the setting.
    'too-many-requests-always-count': {
      check: 'ignored by memory: status 429',
      run: withSettings({ CIRCUIT_BREAKER_COUNT_429: 'True' }),
    },
  }),
  ...caughtBy('chaos/late-results', 'late-results-ignored', {
    // If a call that began before the breaker opened fails late, it ends the half-open state.
    'late-failure-is-a-trial': {
      check: 'a late failure does not count as a trial: llm',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override isStale(began: PlainBreaker['state']) {
            return this.state !== 'half_open' && super.isStale(began);
          }
        },
      ),
    },
    // A failure while the breaker is open restarts the recovery timeout.
    'late-failure-prolongs-the-opening': {
      check: 'a late failure does not extend the open period: llm',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override isStale(began: PlainBreaker['state']) {
            return this.state !== 'open' && super.isStale(began);
          }

          protected override failed(began: PlainBreaker['state']) {
            if (this.state === 'open') this.openedAt = Date.now();
            else super.failed(began);
          }
        },
      ),
    },
    // If a call that began before the breaker opened succeeds late, it closes the breaker, as in some libraries.
    'late-success-closes': {
      check: 'a late success does not close it: llm',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override isStale() {
            return false;
          }

          protected override succeeded() {
            this.failures = 0;
            if (this.state !== 'closed') this.enter('closed');
          }
        },
      ),
    },
    // If a call that began before the breaker opened succeeds late, it ends the half-open state.
    'late-success-is-a-trial': {
      check: 'a late success does not count as a trial: llm',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override isStale(began: PlainBreaker['state']) {
            return this.state !== 'half_open' && super.isStale(began);
          }

          protected override succeeded() {
            super.succeeded(this.state);
          }
        },
      ),
    },
  }),
  ...caughtBy('chaos/llm-breaker-benefit', 'breaker-benefit', {
    // Rejecting a call while a breaker is open uses more CPU time than the call would.
    'open-breaker-burns-processor-time': {
      check: 'no more processor time',
      run: withBreaker('llm', ({ llm }) => ({
        refusal() {
          if (llm.state === 'open') burn(60);
          return llm.refusal();
        },
      })),
    },
  }),
  ...caughtBy('chaos/llm-failure-policy', 'failure-policy', {
    // A failed trial with a client error, such as 408, closes the breaker.
    'client-error-closes-in-trial': {
      check: 'a trial with status 408 reopens llm',
      says: 'status 408 as the result of a trial closes the breaker',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override failed(began: BreakerState, error?: unknown) {
            const isClientError = error instanceof UpstreamError && error.message.includes('408');
            if (began === 'half_open' && isClientError) this.succeeded(began);
            else super.failed(began, error);
          }
        },
      ),
    },
    // An error in the body of a 200 response is reported to the caller, but the breaker doesn't count it.
    'error-in-an-answer-not-counted': {
      check: 'counts as failures for llm: …error-in-body…',
      says: 'Not counted as a failure: ',
      run: withLlmErrors((error) => {
        if (!error.message.includes('malformed')) throw error;
        throw new UpstreamError('llm', 'its answer has no choices', { countsAsFailure: false });
      }),
    },
    // A trial that gets a 4xx never ends, so there is no other trial.
    'ignored-trial-holds-half-open': {
      check: 'a trial with status 400 does not keep llm half-open',
      says: 'llm stays half-open, as the log says. The last call that reached it met status 400',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override passedOver(_began: BreakerState) {}
        },
      ),
    },
    // A 4xx from an upstream counts as a failure.
    'refused-request-counts': {
      check: 'ignored by llm: …status 400…',
      run: withLlmErrors((error) => {
        if (!error.message.includes('answered 4')) throw error;
        throw new UpstreamError('llm', 'it refused the request');
      }),
    },
    // A 4xx from an upstream resets the count of failures.
    'refused-request-ends-a-row': {
      check: 'ignored by llm: …status 400…',
      run: withLlmBreaker(
        class extends PlainBreaker {
          override call<T>(upstreamCall: () => Promise<T>) {
            return super.call(upstreamCall).catch((error) => {
              if (error instanceof UpstreamError && !error.countsAsFailure) this.succeeded(this.state);
              throw error;
            });
          }
        },
      ),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'breaker-admits-one-trial', {
    // An open breaker never becomes half-open.
    'breaker-never-half-opens': {
      check: 'admits one trial',
      run: withSettings({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '3600' }),
    },
    // Every call through a half-open breaker is a trial, as in some libraries.
    'half-open-lets-all-through': {
      check: 'admits one trial',
      inTests: true,
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override admits() {
            return this.state !== 'open';
          }
        },
      ),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'breaker-counts-anew', {
    // A successful trial closes the breaker without resetting its count of failures.
    'closing-does-not-reset-the-count': {
      check: 'stays closed below after recovery',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override succeeded(began: BreakerState) {
            const { failures } = this;
            super.succeeded(began);
            if (began === 'half_open') this.failures = failures;
          }
        },
      ),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'breaker-covers-endpoints', {
    // Only suggestions call the breaker without checking its state first. While it is open, they call the LLM without it.
    'suggestions-bypass-the-open-breaker': {
      check: 'goes through the breaker: activities-suggest',
      says: 'activities-suggest bypasses the breaker',
      run: withBreaker('llm', ({ llm }) => ({
        call: (upstreamCall, name) => (llm.refusal() ? upstreamCall() : llm.call(upstreamCall, name)),
      })),
    },
    // While the LLM's breaker is open, one endpoint takes the refusal for an internal error.
    'suggestions-fail-while-the-breaker-is-open': {
      check: 'refused while open: activities-suggest',
      run: withBreaker('llm', ({ llm }) => ({
        call: async (upstreamCall, name) => {
          if (llm.refusal()) throw new Error('the breaker is open');
          return llm.call(upstreamCall, name);
        },
      })),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'breaker-opens', {
    // The LLM's breaker counts no failures.
    'breaker-never-opens': {
      check: 'opens at the threshold',
      says: 'It never opens: after 15 failures in a row',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override failed() {}
        },
      ),
    },
    // The recovery timeout is half as long as promised.
    'breaker-recovers-half-as-late': {
      check: 'refuses while open',
      run: withSettings({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '0.75' }),
    },
    // The count of consecutive failures is reset after a pause that is as long as the recovery timeout.
    'failures-forgotten-after-a-while': {
      check: 'opens at the threshold',
      says: 'The failures before the pause were forgotten',
      run: withLlmBreaker(
        class extends PlainBreaker {
          #lastFailureAt = 0;

          protected override failed(began: BreakerState) {
            if (began === 'closed' && Date.now() - this.#lastFailureAt > this.settings.recoveryTimeoutMs)
              this.failures = 0;
            this.#lastFailureAt = Date.now();
            super.failed(began);
          }
        },
      ),
    },
    // The recovery timeout counts from the first failure in a row.
    'recovery-counted-from-the-first-failure': {
      check: 'opens at the threshold',
      says: 'does it count from the first failure',
      run: withLlmBreaker(
        class extends PlainBreaker {
          #firstFailureAt = 0;

          protected override failed(began: BreakerState, error?: unknown) {
            if (this.failures === 0) this.#firstFailureAt = Date.now();
            super.failed(began, error);
            if (began === 'closed' && this.state === 'open') this.openedAt = this.#firstFailureAt;
          }
        },
      ),
    },
    // Both upstreams share one breaker, and a success of either resets the failures of the other.
    'one-breaker-for-both-upstreams': {
      check: 'opens at the threshold',
      says: 'It shares a breaker with memory',
      run: withParts(({ breakers }) => ({ breakers: { llm: breakers.llm, memory: breakers.llm } })),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'breaker-reopens', {
    // A failed trial opens the breaker for half of the recovery timeout.
    'failed-trial-reopens-half-as-long': {
      check: 'reopens for a full timeout',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override failed(began: BreakerState) {
            super.failed(began);
            if (began === 'half_open') this.openedAt -= this.settings.recoveryTimeoutMs / 2;
          }
        },
      ),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'breaker-refusals', {
    // The refusals of an open breaker have the code of a service that is overloaded.
    'open-breaker-with-another-code': {
      check: 'refusals of the breaker are as promised',
      says: 'with error.code overloaded',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override refuse() {
            return new ServiceError('overloaded', 'later', { retryAfterSeconds: 1 });
          }
        },
      ),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'breaker-says-when', {
    // An open breaker's Retry-After is 0, although it would still reject an immediate retry.
    'open-breaker-says-at-once': {
      check: 'refusals have a correct Retry-After',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override refuse() {
            return changeError(super.refuse(), 'llm_circuit_open', 0);
          }
        },
      ),
    },
    // While the LLM's breaker is open, the refusals of one endpoint have no Retry-After.
    'suggestions-refused-without-retry-after': {
      check: 'refusals have a correct Retry-After: activities-suggest',
      run: withBreaker('llm', ({ llm }) => ({
        call: async (upstreamCall, name) => {
          if (llm.refusal()) throw new ServiceError('llm_circuit_open', 'The circuit breaker is open.');
          return llm.call(upstreamCall, name);
        },
      })),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'breaker-stays-closed', {
    // A breaker opens one failure early.
    'breaker-opens-after-4': {
      check: 'stays closed below',
      says: 'It opens early, after 4 failures in a row instead of 5',
      run: withSettings({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '4' }),
    },
    // A breaker counts all failures instead of consecutive ones.
    'success-does-not-reset-the-count': {
      check: 'stays closed below again',
      says: 'A success does not set its count back to 0',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override succeeded() {
            if (this.state === 'half_open') super.succeeded(this.state);
          }
        },
      ),
    },
    // A failed call is retried below the breaker, which only sees the last attempt.
    'upstream-called-again-after-a-failure': {
      check: 'stays closed below',
      run: withInvoke((llm) => (prompt, budget) => llm.invoke(prompt, budget).catch(() => llm.invoke(prompt, budget))),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'not-served-while-open', {
    // While the LLM's breaker is open, an invented suggestion is returned.
    'suggestion-made-up-while-the-llm-is-down': {
      check: 'not served while open: activities-suggest',
      run: withBreaker('llm', ({ llm }) => ({
        call: (upstreamCall) => (llm.refusal() ? Promise.resolve('Take a walk.' as never) : llm.call(upstreamCall)),
      })),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'transitions-logged', {
    // The half-open state is logged as soon as the breaker opens.
    'half-open-logged-with-the-opening': {
      check: 'transitions logged',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override announce(transition: BreakerTransition) {
            if (transition.to === 'half_open') return;
            super.announce(transition);
            if (transition.to === 'open') super.announce({ ...transition, to: 'half_open' });
          }
        },
      ),
    },
    // The logged number of failures is one less than the number that opened the breaker.
    'opening-logged-with-wrong-count': {
      check: 'transitions logged',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override announce(transition: BreakerTransition) {
            super.announce({ ...transition, failures: transition.failures - 1 });
          }
        },
      ),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'trial-by-own-calls', {
    // /health calls the LLM to find out whether it works again, once its breaker may be tried.
    'health-makes-the-trial': {
      check: 'makes no trial: health',
      says: 'health calls groq and makes the trial',
      run: withLimiter('health', (limiter, { llm, breakers, startBudget }) => async (request, response, next) => {
        if (breakers.llm.state === 'half_open') {
          const ping = () => llm.invoke([{ role: 'user', content: 'ping' }], startBudget());
          await breakers.llm.call(ping, 'health').catch(() => {});
        }
        limiter(request, response, next);
      }),
    },
  }),
  ...caughtBy('chaos/memory-failure-policy', 'failure-policy', {
    // A response is considered complete after its first chunk.
    'answer-in-pieces-refused': {
      check: 'harmless to memory: …split-chunks…',
      run: withMemoryAgent(
        new Agent({ keepAliveTimeout: 1_000 }).compose((dispatch) => (options, handler) => {
          let isFirst = true;
          const firstOnly: Handler = {
            onRequestStart: (...given) => handler.onRequestStart?.(...given),
            onResponseStart: (...given) => handler.onResponseStart?.(...given),
            onResponseData(controller, chunk) {
              if (isFirst) handler.onResponseData?.(controller, chunk);
              isFirst = false;
            },
            onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
            onResponseError: (...given) => handler.onResponseError?.(...given),
          };
          return dispatch(options, firstOnly);
        }),
      ),
    },
  }),
  ...caughtBy('chaos/memory-outage', 'breaker-opens', {
    // A breaker opens one failure late.
    'breaker-opens-after-6': {
      check: 'opens at the threshold',
      says: 'It opens late, after 6 failures in a row instead of 5',
      run: withSettings({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '6' }),
    },
  }),
  ...caughtBy('chaos/slow-upstream', 'hung-trial-given-up', {
    // A trial that times out is ignored, and the next call is immediately another trial.
    'hung-trial-counts-for-nothing': {
      check: 'reopens after a hung trial: llm',
      says: 'its timeout is not counted as a failed trial',
      run: withLlmBreaker(
        class extends PlainBreaker {
          override call<T>(upstreamCall: () => Promise<T>) {
            return super.call(() =>
              upstreamCall().catch((error) => {
                if (this.state !== 'half_open' || !error.message.includes('no answer within')) throw error;
                this.trialUnderWay = false;
                throw new Error('the trial was given up', { cause: error });
              }),
            );
          }
        },
      ),
    },
    // A trial that times out keeps the breaker half-open until its call settles.
    'hung-trial-holds-half-open': {
      check: 'reopens after a hung trial: llm',
      run: withLlmBreaker(
        class extends PlainBreaker {
          override call<T>(upstreamCall: () => Promise<T>): Promise<T> {
            if (this.state === 'closed') return super.call(upstreamCall);
            return new Promise((resolve, reject) => {
              const settled = super.call(() =>
                upstreamCall().catch((error) => {
                  if (!error.message.includes('no answer within')) throw error;
                  reject(error);
                  return new Promise<T>(() => {});
                }),
              );
              settled.then(resolve, reject);
            });
          }
        },
      ),
    },
  }),
  ...caughtBy('stress/changed-numbers', 'specified-recovery', {
    // The threshold is the number of the specification, whatever its setting says.
    'threshold-in-the-code': {
      check: 'opens as specified: llm',
      run: withConfiguration((environment) => {
        const configuration = loadConfiguration(environment);
        return { ...configuration, breakers: { ...configuration.breakers, failureThreshold: 5 } };
      }),
    },
  }),
  ...caughtBy('stress/specified-numbers', 'specified-recovery', {
    // The default recovery timeout differs from the specification.
    'recovery-timeout-other-than-specified': {
      check: 'says how long it stays open: llm',
      run: withSettings({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '30' }),
    },
    // A breaker is half-open after 5 s at the latest, although its Retry-After says the whole recovery timeout.
    'recovery-timeout-with-a-maximum': {
      check: 'stays open while watched: llm',
      run: withLlmBreaker(
        class extends PlainBreaker {
          readonly #promisedMs: number;

          constructor(...[upstream, parts, settings]: ConstructorParameters<typeof PlainBreaker>) {
            super(upstream, parts, { ...settings, recoveryTimeoutMs: Math.min(settings.recoveryTimeoutMs, MOST_MS) });
            this.#promisedMs = settings.recoveryTimeoutMs;
          }

          protected override refuse() {
            const restMs = this.openedAt + this.#promisedMs - Date.now();
            return changeError(super.refuse(), 'llm_circuit_open', Math.ceil(restMs / 1_000));
          }
        },
      ),
    },
  }),
];

if (import.meta.main) await runNamed(defects);
