/**
 * How to fix a service that fails a check, by checker, in one to three sentences: the change to make, and a setting or
 * a function as an example. The pages in docs/checks/ show it after the usual causes.
 */
export const FIXES: Readonly<Record<string, string>> = {
  'endpoints-served':
    'Send the same request by hand: `npx proofload doctor` shows the response. Correct the endpoint in the contract, or start the service with a setting that it lacks.',
  'endpoints-ask-for-proof':
    'Put the authentication in front of all routes and except the public ones, not the other way round. Verify the signature, `exp` and the algorithm of a token, with a list of allowed algorithms.',
  'load-served':
    'Look at the statuses in the evidence. For 429, start the load with the condition `no-rate-limits`. For 5xx, look for a pool, a lock or a limit of file descriptors that is smaller than the load.',
  'bears-its-load':
    'Take a CPU profile at the last rate that was served. Move blocking work to workers, size the pool for the promised rate, or promise less.',
  'survives-a-spike':
    'Limit the requests in progress and the queue in front of them, and answer 503 with Retry-After beyond that.',
  'bears-a-soak':
    'Remove listeners, clear timers and close responses on every path, also after errors. Limit the size of caches.',
  'steady-state':
    'Run `npx proofload doctor` and fix what it shows. All other checks of this scenario rest on this one.',
  recovers:
    'Let connections be checked before use or be opened again after an error, and let the breaker try again by itself when its timeout ends.',
  'endpoints-reach-upstreams':
    'Read the base URL from the environment in every client, switch caches off in the contract, and set `reaches` to the upstreams that the endpoint calls.',
  'outage-isolated':
    'Give each upstream a breaker, an HTTP agent and a limit of concurrent calls. The health endpoint must not call anything else.',
  'untouched-stay-as-fast':
    'Limit how many workers and connections calls to one upstream may hold (a bulkhead), so that enough remain for other endpoints.',
  'untouched-never-wait':
    'Replace the synchronous call: an asynchronous sleep, file access or hash. In Python, run it by `asyncio.to_thread` or `run_in_executor`.',
  'health-while-calls-fail':
    'Wait without blocking: `await asyncio.sleep(…)` instead of `time.sleep(…)`, and an asynchronous client, log and file access in the code that handles failures.',
  'slow-upstream-bounded':
    'Set one timeout for the whole call including the body: `AbortSignal.timeout(ms)` in Node, `asyncio.timeout(s)` in Python, a context with a deadline in Go. Let it include all attempts.',
  'specified-timeouts': 'Set the promised timeout as the default in the code, so that it also holds without a setting.',
  'specified-recovery':
    'Set the promised threshold and recovery timeout as the defaults in the code, so that they also hold without a setting.',
  'unverified-upstreams-served':
    'Pass the setting to every client that calls an upstream. Refuse it in production: see `refusedStarts`.',
  'impostor-gets-nothing':
    'Remove `rejectUnauthorized: false`, `verify=False` or `InsecureSkipVerify`, and each fallback to http://. To trust a private authority, add its certificate: `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE`.',
  'upstreams-over-tls':
    'Remove the fallback to http://, and let a call fail if its connection does. Refuse to start in production with a base URL that begins with http://.',
  'upstream-attempts':
    'Let one layer repeat calls, and set the others to none: `maxRetries: 0` for the SDKs of OpenAI, Groq and Anthropic. If the number is intended, promise it in `upstreams.NAME.calls`.',
  'attempts-apart':
    'Read Retry-After as seconds or as a date, wait at least that long, and give up if it exceeds the budget of the call. Cap it before it reaches a timer: longer than 24.8 days ends at once in Node.',
  'backoff-bounded':
    'Cap the wait after the random part is added: `Math.min(maxMs, baseMs * 2 ** attempt * (0.5 + Math.random()))`. Check its unit.',
  'backoff-jittered':
    "Multiply the wait by a random number, such as `wait * (0.5 + Math.random())`, or choose it between 0 and the maximum (full jitter). Draw one for each call, and don't release several calls by one timer.",
  'faults-answered':
    'Treat a body that is unusable as a failure: check its shape, its end and an `error` in it, and map every failure to a separate status. If an answer without the upstream is meant, such as a remembered one, promise it: `servedWithout` or `fallback` of the endpoint.',
  'faults-answered-in-time':
    'Limit the whole call by one timeout that also covers the body and all attempts. A Retry-After beyond it ends the call.',
  'abandoned-calls-end':
    'Abort the call when the connection of the caller closes: `response.once("close", () => controller.abort())` in Node, `request.is_disconnected()` or a cancelled task in Starlette. Check the signal before each further attempt.',
  'abandoned-calls-not-repeated':
    'Pass one signal of the caller to every attempt and to the wait between them: `setTimeout(ms, undefined, { signal })` of node:timers/promises, and `signal.throwIfAborted()` before each attempt. In Python, let `CancelledError` through the code that repeats calls.',
  'abandoned-calls-count-nothing':
    'Tell a cancellation from a failure before the breaker sees it, and release slots, locks and connections in a `finally`.',
  'upstream-concurrency':
    'Put one semaphore with the promised number around all calls to this upstream. If there are several processes, divide the number by them.',
  'upstream-concurrency-reached':
    'Raise the number of connections of the HTTP agent or the pool to the promised one, and hold no lock during the call.',
  'queue-bounded':
    'Let the time in the queue count: start the timeout before the caller waits for its turn, and answer 503 or 429 when it ends.',
  'connections-reused':
    'Create the client once, when the service starts, with keep-alive. Read or cancel the body of every response, also after errors.',
  'streams-complete':
    'Compare a stream of the service (`curl -N`) with `stream` in the contract: its format, and the event that ends it.',
  'streams-tell-failure':
    'When the upstream fails, send an event with an error or destroy the connection. Do not end the response normally, and take a stream without its last event for a failure.',
  'streams-bounded':
    'Limit the time between two events that carry content, and the time of the whole stream. Comments and empty lines are no content.',
  'streams-count-for-breaker':
    'Let the call that the breaker protects end with the last event, and let an error while reading reject it.',
  'work-accepted':
    'Store the work in a database or a durable queue before the upstream is called, and answer with the promised status if the call fails.',
  'work-finished':
    'Let a worker look for pending work at a fixed interval, also directly after the start, and limit the backoff between its attempts.',
  'work-finished-once':
    'Mark each step as done together with its result, and claim work before it is done, such as by `FOR UPDATE SKIP LOCKED` and a lease that is longer than the work.',
  'falls-back':
    'Catch every failure of the first upstream in one place: connection, timeout, status, and a body that is unusable. Call the next one only then.',
  'fallback-told': 'Take the name of the model from the response that is passed on, not from the request.',
  'fallback-returns':
    'Try the first upstream again when its breaker allows a trial, and call the others only after it has failed.',
  'fallback-breakers-apart': 'Put a breaker around each call inside the fallback, not one around the whole fallback.',
  'fallback-spares-breaker':
    'Count only failures of the upstream: 5xx, 429 if the contract says so, timeouts and connections. A 4xx is the fault of the request.',
  'breaker-stays-closed':
    'Compare the number in the evidence with the threshold in the settings of this profile. Reset the count after a success, and count each call once, not each attempt.',
  'breaker-opens':
    'The evidence begins with the cause: it never opens, opens late, counts other failures, or is shared. Let every call go through the breaker, and count the failures that the contract lists.',
  'breaker-refuses-at-once':
    'Check the breaker before anything else, such as a connection, a lock or a queue, and answer without another attempt.',
  'not-served-while-open':
    'Find the path that responds without the upstream: a cache, a default, or a call outside of the breaker. If it is intended, say so in the contract (`fallback`, `servedWithout`).',
  'breaker-says-when':
    'Send the seconds until the breaker half-opens, rounded up: `Math.ceil((opensUntil - now) / 1000)`.',
  'breaker-admits-one-trial':
    'Take the trial by one atomic step, and refuse everyone else until it has ended. Half-open begins by time, not by a timer that a busy process delays.',
  'trial-waited-for':
    'Let callers await the promise of the trial, and then go through the breaker again: `await trial.catch(() => {}); return call()`.',
  'breaker-reopens':
    'After a failed trial, open at once and for the whole recovery timeout, whatever the threshold is.',
  'breaker-closes':
    'Close after the promised number of good trials, and drop the connections from before the outage: open new ones for the trial.',
  'breaker-counts-anew': 'Set the count of failures to zero when the breaker closes.',
  'breaker-benefit':
    'Refuse before the expensive work: before the body is parsed, before a connection is taken. Compare how long the breaker stays open with the promise.',
  'transitions-logged':
    'Log one line for each change of state, after it, with the texts in `breakers.NAME.log`. The numbers in it must be the real ones.',
  'failure-policy':
    'Decide for each kind of failure whether it is the upstream’s. The name of the failed check says which one differs: change the filter of the breaker, or move the fault to `failures`, `ignored` or `harmless`.',
  'hung-trial-given-up': 'Give the trial the timeout of any other call, and let it count as a failed trial.',
  'late-results-ignored':
    'Number the states of the breaker. Remember the number when a call begins, and ignore its result if the number has changed.',
  'outages-apart':
    'Create one breaker for each upstream, with its own state, and let a call count only for its upstream.',
  'abandoned-trial-ends':
    'End the trial when its call is cancelled: neither good nor bad, so that the next call is a trial.',
  'rate-limit-admits-exactly':
    'Compare and increment in one atomic step: `INCR` in Redis, one SQL statement, or a lock. Compare the numbers with the profile.',
  'rate-limit-admits-exactly-once':
    'Compare and increment in one atomic step: `INCR` in Redis, one SQL statement, or a lock. Compare the numbers with the profile.',
  'rate-limit-refuses-until-window-ends':
    'Set the end of the window with its first request, and do not move it later: `EXPIRE key seconds NX` in Redis.',
  'limit-benefit':
    'Check the limit before the body is parsed and before anything is called, and count each client for itself.',
  'rate-limit-holds':
    'Use the promised length for the window itself, not only for Retry-After, and look for a maximum in the store or library.',
  'rate-limit-bucket':
    'Refill by the elapsed time at every request: `tokens = min(size, tokens + elapsed * rate)`. Compare size and rate with the profile.',
  'rate-limit-weighted':
    'Count allowed requests by window of the clock, and allow one if `previous * (1 - passed / length) + current < max`. Read the time and both counts in one atomic step.',
  'rate-limit-retry-after': 'Send the seconds until the window ends, rounded up, and at least 1.',
  'rate-limit-isolated':
    'Build the key of the counter from the limit and the client: `login:203.0.113.7`. A limit for all clients has a key without the client.',
  'rate-limit-spares-upstreams': 'Register the limiter before the routes, and before anything that calls an upstream.',
  'rate-limit-header-truth':
    'Compute the headers from the counter after this request has been counted, in the same atomic step.',
  'rate-limit-identity':
    'Take the client from the socket, or from the last entry of X-Forwarded-For that a trusted proxy has added. Normalize the path before it is compared: case, slashes, dots and encoding.',
  'rate-limit-costs': 'Run the limiter first. If some requests should be free, say in `limiter.counts` which ones.',
  'requests-in-progress':
    'Count for each client in one atomic step, and release the slot in a `finally`, also if the caller leaves.',
  'rate-limit-window-boundary':
    'Find out which window your library uses, and name it in `limiter.window`. `first-request`, `clock` and `sliding` differ only at the boundary.',
  'replicas-share-limits': 'Keep the counters in a store that all processes share, such as Redis or the database.',
  'noisy-neighbour-survived':
    'Map SQLSTATE 53300 to the promised status, set a timeout for new connections, and try again no later than Retry-After says.',
  'ledger-keeps-row': 'Commit before the response. Compare `ledger` in the contract with the table and its key.',
  'pool-endpoint-reads-table': 'Name an endpoint that reads the table of `pool` at every request, without a cache.',
  'pool-ceiling':
    'Set the maximum of the pool from the promised number, create one pool for each process, and let all queries use it.',
  'pool-refuses-the-rest':
    'Set an acquire timeout (`connectionTimeoutMillis`, `pool_timeout`), and map its error to the promised status.',
  'pool-says-when': 'Add Retry-After to this response, such as the acquire timeout in seconds.',
  'pool-recovers': 'Return connections in a `finally`, and remove broken ones: `client.release(error)` in pg.',
  'pool-free-during-upstream-calls':
    'Read what you need, return the connection, call the upstream, and take a connection again to write.',
  'pool-survives-lost-connections':
    'Handle the error of idle connections (`pool.on("error", …)` in pg), and check connections before use (`pool_pre_ping` in SQLAlchemy).',
  'pool-leaks-nothing': 'Return the connection in a `finally` or by a context manager, on every path.',
  'database-outage-survived':
    'Set timeouts for connecting and for queries, also on the client’s side, since a silent server never answers. Let the pool open new connections by itself.',
  'acknowledged-in-an-outage':
    'Respond after the commit. Repeat an insert only with the same key, and ignore the conflict.',
  'acknowledged-is-stored':
    'Respond after the commit. On SIGTERM, stop accepting, finish the requests in progress, and then close the pool.',
  'lost-reply-stored-once': 'Choose the id before the first attempt, and insert with `ON CONFLICT DO NOTHING`.',
  'weak-secret-refused':
    'Check the secret when the service starts: its length, its randomness and known examples. Exit with a message.',
  'strong-secret-accepted': 'Accept every secret that the contract calls strong, such as those with other characters.',
  'unsafe-start-refused': 'Validate all settings when the service starts, and exit with the promised status and text.',
  'ends-when-told-to':
    'Handle SIGTERM: stop listening, close idle connections (`server.closeIdleConnections()` in Node), and exit when the last request has ended or the promised time is over.',
  'in-flight-at-end': 'Wait for the requests in progress before you close the pool and the clients, and exit last.',
  'new-requests-refused': 'Close the listening socket as soon as SIGTERM arrives, or set `termination.drainSeconds`.',
  'not-ready-at-end': 'Set a flag when SIGTERM arrives, and let the endpoint for readiness answer 503 from then on.',
  'service-stays-up':
    'Read the end of `service.log`. Handle the error at its source. A handler of unhandled rejections that goes on hides it.',
  'generator-sound':
    'Read the error in the evidence. If a call never returned, look at the failed checks about timeouts first. If the script is your own, fix it.',
  'nothing-stalled': 'Run the scenario again while nothing else runs, or with fewer scenarios at once: `JOBS=1`.',
  'upstreams-available': 'Start the real server again, or fix the handler. Its error is in the evidence.',
  'calls-counted': 'Connect to this server without TLS in the lab, or describe no breaker in front of it.',
  'faults-delivered':
    'Find out why the call did not arrive: an earlier refusal, a cache or an open breaker. If the endpoint does not call this upstream, correct `reaches`.',
  'record-complete':
    'Run the scenario again. If it happens again, lower the load or the number of scenarios at once: the evidence says which events are missing.',
  'counts-agree':
    'Run the scenario again. If it happens again, lower the load or the number of scenarios at once. If a response was too large, let the service end it, or set K6_MAX_BODY_SIZE: see docs/engines.md.',
  'nothing-leaks':
    'Send callers a text of your own and log the exception. Redact headers and URLs before they are logged.',
  thresholds: 'Look at the other failed checks of this scenario first. The evidence shows the threshold and its value.',
};
