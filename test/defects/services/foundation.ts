import { ServiceError } from '../../../service/base/errors.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { caughtBy, runNamed } from '../defect.ts';
import { withLimiter, withLlmFailure, withParts, withQueryErrors, withSettings } from '../run-with.ts';
import { withPlainMemory } from '../with-memory-client.ts';

export const defects = [
  ...caughtBy('chaos/impostor', 'upstreams-over-tls', {
    // After a refused connection, all calls are sent in plain text, with the API key.
    'plain-http-after-a-refused-connection': {
      check: 'upstreams called over TLS only',
      says: 'mem0: plain text (ERR_SSL_HTTP_REQUEST)',
      run: withPlainMemory((code) => code === 'ECONNREFUSED', true),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'limits-switched-off', {
    // The setting that switches the limits off does nothing.
    'switch-of-limits-without-effect': {
      check: 'limits are switched off',
      says: 'the service ignores RATE_LIMIT_ENABLED',
      run: withSettings({ RATE_LIMIT_ENABLED: 'true' }),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'nothing-leaks', {
    // If the LLM API fails, the error response contains a dump of the API key in hexadecimal digits.
    'api-key-in-hex-in-error-body': {
      check: 'responses show no secret',
      run: withLlmFailure((_, { groq }) => {
        const dump = Buffer.from(`Bearer ${groq.apiKey}`).toString('hex').toUpperCase();
        throw new UpstreamError('llm', `the call failed after ${dump}`);
      }),
    },
  }),
  ...caughtBy('chaos/llm-outage', 'thresholds', {
    // /metrics does not count how often a breaker opens.
    'openings-not-counted': {
      check: 'threshold openings_counted',
      run: withParts(({ metrics }) => {
        metrics.breakerOpenings.inc = () => {};
        return {};
      }),
    },
  }),
  ...caughtBy('stress/connection-ceiling', 'service-stays-up', {
    // A lost connection crashes the process, as pg's pool does if nothing handles its errors.
    'process-ends-with-a-connection': {
      check: 'service stays up',
      run: withQueryErrors((error) => {
        if (error instanceof ServiceError && error.code === 'database_unavailable') process.exit(1);
        return error;
      }),
    },
  }),
  ...caughtBy('stress/smoke', 'nothing-leaks', {
    // The log contains the credentials for the LLM API, in Base64, after the name of the user.
    'api-key-in-base64-in-log': {
      check: 'log shows no secret',
      run: withLimiter('activitiesSuggest', (limiter, _parts, { groq }) => (request, response, next) => {
        console.log(`calls with ${Buffer.from(`llm:${groq.apiKey}`).toString('base64')}`);
        limiter(request, response, next);
      }),
    },
    // The log contains the Authorization header of each request.
    'token-in-log': {
      check: 'log shows no secret',
      run: withLimiter('activitiesSuggest', (limiter) => (request, response, next) => {
        console.log(`${request.method} ${request.url}`, JSON.stringify(request.headers));
        limiter(request, response, next);
      }),
    },
  }),
];

if (import.meta.main) await runNamed(defects);
