import { setTimeout as pause } from 'node:timers/promises';
import { Agent, type Dispatcher, interceptors } from 'undici';
import { systemClock } from '../../../service/base/clock.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';
import { createMetrics } from '../../../service/observability/metrics.ts';
import { createBreakers } from '../../../service/protections/breakers.ts';
import type { BreakerTransition } from '../../../service/protections/circuit-breaker.ts';
import { createBulkhead } from '../../../service/upstreams/bulkhead.ts';
import { createGroqClient } from '../../../service/upstreams/groq.ts';
import { createJsonClient } from '../../../service/upstreams/json-client.ts';
import { RequestBudget } from '../../../service/upstreams/request-budget.ts';
import { createUpstreamAgent } from '../../../service/upstreams/tls.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy, runNamed } from '../defect.ts';
import { PlainBreaker, withLlmBreaker } from '../plain-breaker.ts';
import {
  withBreaker,
  withConfiguration,
  withInvoke,
  withLimiter,
  withLlmErrors,
  withLlmFailure,
  withMemory,
  withParts,
  withQueryErrors,
  withSettings,
} from '../run-with.ts';
import {
  withMemoryAgent,
  withMemoryAgentThatForgives,
  withMemoryUnverifiedAfter,
  withPlainMemory,
} from '../with-memory-client.ts';

/** How long an answer waits for that of another caller, in milliseconds. */
const TOGETHER_MS = 50;

/** An answer that waits: its body, and what sends another one in its place. */
interface Waiting {
  readonly body: unknown;
  send(body: unknown): void;
}

/** Whether an error has a refused connection among its causes. */
function isRefused(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' || isRefused(error.cause);
}

class LockedBreaker extends PlainBreaker {
  #last: Promise<unknown> = Promise.resolve();

  override call<Result>(upstreamCall: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => super.call(upstreamCall));
    this.#last = result.catch(() => {});
    return result;
  }
}

/** Adds the key below the code that follows redirects, which removes it from requests to another host. */
const withKey: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch({ ...options, headers: { ...options.headers, authorization: 'Token m0-proofload' } }, handler);

/** Sends all requests to the host to which one was redirected. It is below the code that follows redirects. */
const remembering: Dispatcher.DispatcherComposeInterceptor = (dispatch) => {
  let first: Dispatcher.DispatchOptions['origin'];
  let last: Dispatcher.DispatchOptions['origin'];
  return (options, handler) => {
    first ??= options.origin;
    if (String(options.origin) !== String(first)) last = options.origin;
    return dispatch(last === undefined ? options : { ...options, origin: last }, handler);
  };
};

/** Returns the result of a call, or another one if it was redirected. */
const unlessRedirected = <Result>(call: Promise<Result>, instead: Result): Promise<Result> =>
  call.catch((error) => {
    if (/it answered 3/.test(error.message)) return instead;
    throw error;
  });

const SOON_MS = 4_000;

async function givenUp(): Promise<never> {
  await pause(SOON_MS);
  throw new UpstreamError('llm', 'no answer in time');
}

const ENDLESS_MS = 60_000;

/** The request arrives while later calls fail. */
const LATER_MS = 400;

const WHOLE_CALL_MS = 10_000;

export const defects = [
  ...caughtBy('chaos/database-impostor', 'impostor-gets-nothing', {
    // The database certificate is not verified.
    'database-certificate-not-verified': {
      check: 'refuses an untrusted certificate: database self-signed, conversation-read',
      inTests: true,
      run: withConfiguration((environment) => {
        const configuration = loadConfiguration(environment);
        const url = configuration.database.url.replace('verify-full', 'no-verify');
        return { ...configuration, database: { ...configuration.database, url } };
      }),
    },
    // The database certificate is accepted for any host name if its issuer is trusted.
    'database-host-name-not-checked': {
      check: 'refuses an untrusted certificate: database wrong-host, conversation-read',
      run: withConfiguration((environment) => {
        const configuration = loadConfiguration(environment);
        const url = configuration.database.url.replace('verify-full', 'verify-ca&uselibpqcompat=true');
        return { ...configuration, database: { ...configuration.database, url } };
      }),
    },
    // A bad database certificate is rejected, but reported to the caller as an internal error.
    'database-impostor-is-an-internal-error': {
      check: 'refuses an untrusted certificate: database expired, conversation-read',
      run: withQueryErrors((error) =>
        /CERT|SIGNATURE/.test(String(error)) ? new Error('the certificate is bad') : error,
      ),
    },
  }),
  ...caughtBy('chaos/impostor', 'impostor-gets-nothing', {
    // Expired certificates are accepted.
    'expired-certificate-accepted': {
      check: 'refuses an untrusted certificate: mem0 expired, activities-suggest',
      run: withMemoryAgentThatForgives('CERT_HAS_EXPIRED'),
    },
    // A certificate for another host name is accepted.
    'host-name-not-checked': {
      check: 'refuses an untrusted certificate: mem0 wrong-host, activities-suggest',
      run: withMemoryAgent(
        new Agent({ connect: { checkServerIdentity: () => undefined }, allowH2: false, keepAliveTimeout: 1_000 }),
      ),
    },
    // A bad certificate is rejected, but reported to the caller as an internal error.
    'impostor-is-an-internal-error': {
      check: 'refuses an untrusted certificate: groq expired, conversation-end',
      run: withLlmErrors((error) => {
        throw /CERT|SIGNATURE/.test(error.message) ? new Error('the certificate is bad') : error;
      }),
    },
    // A certificate is accepted although its issuer is missing from the chain.
    'incomplete-chain-accepted': {
      check: 'refuses an untrusted certificate: mem0 incomplete-chain, activities-suggest',
      run: withMemoryAgentThatForgives('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    },
    // Certificates are accepted before they become valid.
    'not-yet-valid-certificate-accepted': {
      check: 'refuses an untrusted certificate: mem0 not-yet-valid, activities-suggest',
      run: withMemoryAgentThatForgives('CERT_NOT_YET_VALID'),
    },
    // A call whose certificate is bad is sent again in plain text, with the API key.
    'plain-http-after-a-bad-certificate': {
      check: 'refuses an untrusted certificate: mem0 self-signed, activities-suggest',
      says: 'its API key in clear text',
      run: withPlainMemory((code) => /CERT|SIGNATURE|UNSPECIFIED/.test(code), false),
    },
    // After a lost connection, a new client is created, and it verifies no certificate.
    'tls-unverified-after-a-reset': {
      check: 'still refuses an untrusted certificate after lost connections: mem0 wrong-host, conversation-end',
      says: 'After lost connections, the service called the upstream without verifying its certificate',
      run: withMemoryUnverifiedAfter(({ code }) => code === 'ECONNRESET'),
    },
    // One upstream's certificate is not verified.
    'tls-unverified-for-one-upstream': {
      check: 'refuses an untrusted certificate: mem0 unknown-ca, activities-suggest',
      run: withMemoryAgent(createUpstreamAgent({ verify: false })),
    },
    // Upstream certificates are not verified.
    'tls-verification-off': {
      check: 'refuses an untrusted certificate: groq self-signed, conversation-end',
      run: withConfiguration((environment) => ({ ...loadConfiguration(environment), sslVerifyEnabled: false })),
    },
    // A certificate with a weak key is accepted.
    'weak-key-accepted': {
      check: 'refuses an untrusted certificate: mem0 weak-key, activities-suggest',
      says: 'an RSA key of 1,024 bits is too small',
      run: withMemoryAgent(new Agent({ connect: { ciphers: 'DEFAULT@SECLEVEL=0' }, keepAliveTimeout: 1_000 })),
    },
  }),
  ...caughtBy('chaos/impostor', 'redirects-get-no-credentials', {
    // Redirects of an upstream are followed to any host, and each request gets the API key.
    'redirect-followed-with-credentials': {
      check: 'fails safely after a redirect: mem0 307 to https, activities-suggest',
      says: 'authorization: token reached another host',
      run: withMemoryAgent(new Agent().compose(withKey, interceptors.redirect({ maxRedirections: 5 }))),
    },
    // A redirect of the memory API is taken for an empty answer.
    'redirect-taken-for-success': {
      check: 'fails safely after a redirect: mem0 301 to http, activities-suggest',
      says: 'takes a redirect of mem0 for a success',
      run: withMemory((memory) => ({
        extract: (...of) => unlessRedirected(memory.extract(...of), 'none'),
        search: (...of) => unlessRedirected(memory.search(...of), []),
      })),
    },
    // The host of a redirect gets all later requests as well.
    'redirect-remembered': {
      check: 'fails safely after a redirect: mem0 302 to https, conversation-end',
      says: 'The service remembers a redirect of mem0',
      run: withMemoryAgent(new Agent().compose(remembering, interceptors.redirect({ maxRedirections: 5 }))),
    },
    // Redirects of an upstream are followed without a limit, although without credentials.
    'redirects-followed-endlessly': {
      check: 'fails safely after a redirect: mem0 endless 303, activities-suggest',
      says: 'without a limit',
      run: withMemoryAgent(new Agent().compose(interceptors.redirect({ maxRedirections: 100_000 }))),
    },
  }),
  ...caughtBy('chaos/llm-isolation', 'untouched-never-wait', {
    // Each opening of the LLM's breaker keeps the event loop busy for a second.
    'frozen-at-each-opening': {
      check: 'never frozen in an outage',
      run: withLlmBreaker(
        class extends PlainBreaker {
          protected override enter(to: BreakerTransition['to']) {
            super.enter(to);
            const ends = performance.now() + 1_000;
            while (to === 'open' && performance.now() < ends);
          }
        },
      ),
    },
  }),
  ...caughtBy('chaos/llm-isolation', 'untouched-stay-as-fast', {
    // Reads are slower while the LLM's breaker is not closed.
    'reads-wait-while-the-llm-is-down': {
      check: 'conversation-read as fast while its breaker is open',
      run: withLimiter('conversationsRead', (limiter, { breakers }) => async (request, response, next) => {
        if (breakers.llm.state !== 'closed') await pause(15);
        limiter(request, response, next);
      }),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'outage-isolated', {
    // While the LLM's breaker is open, the memory API is not called.
    'llm-outage-stops-memory-calls': {
      check: 'memory breaker unaffected',
      run: withBreaker('memory', ({ llm, memory }) => ({
        call: (upstreamCall) => (llm.state === 'open' ? llm.call(upstreamCall) : memory.call(upstreamCall)),
      })),
    },
  }),
  ...caughtBy('chaos/retry-amplification', 'health-while-calls-fail', {
    // After a connection to the LLM was refused, the event loop is busy for a second.
    'frozen-by-a-refused-connection': {
      check: 'health stays up: calls that fail',
      run: withLlmFailure((error) => {
        const ends = performance.now() + 1_000;
        while (isRefused(error) && performance.now() < ends);
        throw error;
      }),
    },
  }),
  ...caughtBy('chaos/retry-amplification', 'timed-out-calls-end', {
    // A call to the LLM times out for the breaker and for the caller, but the request goes on.
    'timed-out-calls-go-on': {
      check: 'ends calls that timed out: groq hang, conversation-end',
      run: withInvoke((_llm, _parts, { groq, upstreams: { timeoutMs, countTooManyRequests, concurrencyMax } }) => {
        const post = createJsonClient({
          upstream: 'llm',
          dispatcher: new Agent(),
          baseUrl: groq.baseUrl,
          authorization: `Bearer ${groq.apiKey}`,
          timeoutMs: ENDLESS_MS,
          countTooManyRequests,
          bulkhead: createBulkhead('llm', concurrencyMax),
        });
        const patient = createGroqClient(post, groq.model);
        const tooLate = () =>
          pause(timeoutMs).then(() => {
            throw new UpstreamError('llm', 'no answer in time');
          });
        return (prompt) =>
          Promise.race([patient.invoke(prompt, new RequestBudget(ENDLESS_MS, systemClock)), tooLate()]);
      }),
    },
  }),
  ...caughtBy('chaos/retry-amplification', 'upstream-attempts', {
    // A call is retried immediately after a 429.
    'upstream-called-again-after-429': {
      check: 'attempts at groq: 429-at-once, conversation-end',
      run: withInvoke(
        (llm) => (prompt, budget) =>
          llm.invoke(prompt, budget).catch((error) => {
            if (!error.message.includes('429')) throw error;
            return llm.invoke(prompt, budget);
          }),
      ),
    },
    // A call that timed out is sent again in the background, although its caller has got an error.
    'upstream-called-again-after-a-timeout': {
      check: 'attempts at groq: …, conversation-end',
      run: withInvoke(
        (llm, _parts, { upstreams: { timeoutMs } }) =>
          (prompt, budget) =>
            llm.invoke(prompt, budget).catch((error: Error) => {
              const again = () => llm.invoke(prompt, new RequestBudget(2 * timeoutMs, systemClock)).catch(() => {});
              if (error.message.includes('no answer within')) setTimeout(again, LATER_MS);
              throw error;
            }),
      ),
    },
    // A failed call is retried later in the background.
    'upstream-tried-again-in-the-background': {
      check: 'attempts at groq: plain-500, conversation-end',
      run: withInvoke(
        (llm) => (prompt, budget) =>
          llm.invoke(prompt, budget).catch((error) => {
            setTimeout(() => llm.invoke(prompt, budget).catch(() => {}), 20);
            throw error;
          }),
      ),
    },
  }),
  ...caughtBy('chaos/slow-upstream', 'impostor-gets-nothing', {
    // After its first timeout, a new client is created, and it verifies no certificate.
    'tls-unverified-after-a-timeout': {
      check: 'still refuses an untrusted certificate after timeouts: mem0 self-signed, activities-suggest',
      says: 'Otherwise: the code that handles the failure creates a client',
      run: withMemoryUnverifiedAfter(({ name }) => name === 'TimeoutError'),
    },
  }),
  ...caughtBy('chaos/slow-upstream', 'slow-upstream-bounded', {
    // If one of the two calls to the memory API times out, it is considered successful.
    'late-memories-taken-for-extracted': {
      check: 'times out late answers: memory',
      run: withMemory((memory) => ({
        extract: (input, budget) =>
          memory.extract(input, budget).catch((error) => {
            if (!error.message.includes('no answer within')) throw error;
            return 'to-be-told';
          }),
      })),
    },
    // A lock lets only one call to the LLM at a time through, and no timeout covers the wait for it.
    'llm-calls-one-at-a-time': {
      check: 'times out late answers: llm',
      says: 'A lock, a queue, or a client with too few connections is the reason.',
      run: withLlmBreaker(LockedBreaker),
    },
    // The breaker does not count timeouts.
    'timeouts-not-counted': {
      check: 'counts timeouts as failures: memory',
      run: withMemory((memory) => ({
        search: (...args) =>
          memory.search(...args).catch((error) => {
            if (!error.message.includes('no answer within')) throw error;
            throw new UpstreamError('memory', 'it was given up', { countsAsFailure: false });
          }),
      })),
    },
    // The timeout for the LLM API applies to each read of a response instead of the whole call.
    'upstream-timeout-for-each-read': {
      check: 'times out late answers: llm',
      run: withParts((_parts, { groq, breakers, upstreams: { countTooManyRequests, concurrencyMax } }, logger) => {
        const post = createJsonClient({
          upstream: 'llm',
          dispatcher: new Agent({ headersTimeout: 1_500, bodyTimeout: 1_500 }),
          baseUrl: groq.baseUrl,
          authorization: `Bearer ${groq.apiKey}`,
          timeoutMs: WHOLE_CALL_MS,
          countTooManyRequests,
          bulkhead: createBulkhead('llm', concurrencyMax),
        });
        return {
          llm: createGroqClient(post, groq.model),
          // The breakers have a timeout as well, which would end the call.
          breakers: createBreakers(breakers, {
            upstreamTimeoutMs: WHOLE_CALL_MS,
            clock: systemClock,
            logger,
            metrics: createMetrics(),
          }),
        };
      }),
    },
  }),
  ...caughtBy('chaos/unverified-upstreams', 'unverified-upstreams-served', {
    // SSL_VERIFY_ENABLED=False has no effect in development.
    'verification-always-on': {
      check: 'serves without verification: groq self-signed, conversation-end',
      run: withConfiguration((environment) => ({ ...loadConfiguration(environment), sslVerifyEnabled: true })),
    },
  }),
  ...caughtBy('stress/smoke', 'endpoints-reach-upstreams', {
    // Two callers whose answers are ready at the same time get each other's.
    'answers-given-to-another-caller': {
      check: 'callers kept apart: answers of conversation-end',
      run: withLimiter('conversationsEnd', (limiter) => {
        let waiting: Waiting | undefined;
        return (request, response, next) => {
          const json = response.json.bind(response);
          response.json = (body) => {
            if (waiting !== undefined) {
              const { body: others, send } = waiting;
              waiting = undefined;
              send(body);
              return json(others);
            }
            const own = { body, send: json };
            waiting = own;
            setTimeout(() => {
              if (waiting !== own) return;
              waiting = undefined;
              json(body);
            }, TOGETHER_MS);
            return response;
          };
          limiter(request, response, next);
        };
      }),
    },
    // The input of a call of the memory API is in a variable that all requests share.
    'calls-made-from-another-callers-data': {
      check: 'callers kept apart: … at mem0',
      run: withMemory((memory) => {
        let current: Parameters<typeof memory.extract>[0];
        return {
          async extract(input, budget) {
            current = input;
            await pause(5);
            return memory.extract(current, budget);
          },
        };
      }),
    },
    // /health calls the memory API.
    'health-reaches-an-upstream': {
      check: 'upstreams of health',
      run: withLimiter('health', (limiter, { memory, startBudget }) => async (request, response, next) => {
        await memory.search('nobody', 'anything', startBudget());
        limiter(request, response, next);
      }),
    },
  }),
  ...caughtBy('stress/specified-numbers', 'specified-timeouts', {
    // Without settings, one endpoint gives up its calls to the LLM sooner than specified.
    'suggestions-give-up-sooner': {
      check: 'gives up as specified: groq, activities-suggest',
      run: withInvoke((llm) => (prompt, budget) => {
        const answer = llm.invoke(prompt, budget);
        return prompt[0]?.content.startsWith('Suggest') ? Promise.race([answer, givenUp()]) : answer;
      }),
    },
    // The default timeout for upstream calls is shorter than specified.
    'timeout-other-than-specified': {
      check: 'gives up as specified: groq, conversation-end',
      run: withSettings({ UPSTREAM_TIMEOUT_MS: '5000' }),
    },
    // Without settings, an upstream call may take five minutes.
    'upstream-waited-for-by-default': {
      check: 'gives up as specified: mem0, activities-suggest',
      run: withSettings({ UPSTREAM_TIMEOUT_MS: '300000', UPSTREAM_BUDGET_MS: '300000' }),
    },
  }),
];

if (import.meta.main) await runNamed(defects);
