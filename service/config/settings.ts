import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import {
  apiKey,
  baseUrl,
  databaseUrl,
  flag,
  limitStore,
  milliseconds,
  oneOf,
  rateLimit,
  seconds,
  text,
  wholeNumber,
} from './values.ts';

const MANY = 1_000_000;

/** All settings with their defaults, except SECRET_KEY, whose rules depend on ENVIRONMENT. */
export const settingsSchema = z.object({
  HOST: text().prefault('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).prefault('8000'),
  ENVIRONMENT: oneOf('production', 'development').prefault('production'),
  REPLICAS: wholeNumber(1, MANY).prefault('1'),
  SHUTDOWN_GRACE_MS: milliseconds().prefault('20000'),
  CONNECTIONS_MAX: wholeNumber(1, MANY).prefault('10000'),
  CONNECTIONS_PER_ADDRESS_MAX: wholeNumber(1, MANY).prefault('2500'),
  REQUEST_HEADERS_TIMEOUT_MS: milliseconds().prefault('10000'),
  REQUEST_TIMEOUT_MS: milliseconds().prefault('20000'),
  LOG_LEVEL: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').prefault('info'),

  DATABASE_URL: databaseUrl(),
  DATABASE_POOL_MAX: wholeNumber(1, MANY).prefault('10'),
  DATABASE_ACQUIRE_TIMEOUT_MS: milliseconds().prefault('2000'),
  DATABASE_QUEUE_MAX: wholeNumber(0, MANY).prefault('50'),
  DATABASE_STATEMENT_TIMEOUT_MS: milliseconds().prefault('30000'),
  DATABASE_START_TIMEOUT_MS: wholeNumber(0, MANY).prefault('30000'),

  GROQ_API_KEY: apiKey(),
  GROQ_BASE_URL: baseUrl().prefault('https://api.groq.com'),
  GROQ_MODEL: text().prefault('openai/gpt-oss-20b'),
  MEM0_API_KEY: apiKey(),
  MEM0_BASE_URL: baseUrl().prefault('https://api.mem0.ai'),
  UPSTREAM_TIMEOUT_MS: milliseconds().prefault('10000'),
  UPSTREAM_BUDGET_MS: milliseconds().prefault('15000'),
  UPSTREAM_CONCURRENCY_MAX: wholeNumber(1, MANY).prefault('50'),
  SSL_VERIFY_ENABLED: flag().prefault('True'),

  RATE_LIMIT_ENABLED: flag().prefault('true'),
  RATE_LIMIT_DEFAULT: rateLimit().prefault('100/minute'),
  RATE_LIMIT_CONVERSATION_END: rateLimit().prefault('100/minute'),
  RATE_LIMIT_ACTIVITIES_SUGGEST: rateLimit().prefault('60/minute'),
  RATE_LIMIT_HEALTH_CHECK: rateLimit().prefault('300/minute'),
  RATE_LIMIT_STORE: limitStore().prefault('memory'),
  RATE_LIMIT_STORE_FAILURE: oneOf('closed', 'open').prefault('closed'),
  RATE_LIMIT_STORE_TIMEOUT_MS: milliseconds().prefault('500'),
  TRUST_PROXY_HOPS: wholeNumber(0, 10).prefault('0'),

  CIRCUIT_BREAKER_ENABLED: flag().prefault('True'),
  CIRCUIT_BREAKER_FAILURE_THRESHOLD: wholeNumber(1, MANY).prefault('5'),
  CIRCUIT_BREAKER_RECOVERY_TIMEOUT: seconds().prefault('60'),
  CIRCUIT_BREAKER_COUNT_429: flag().prefault('True'),

  LOAD_SHED_EVENT_LOOP_DELAY_MS: milliseconds().prefault('250'),
  PENDING_WORKER_ENABLED: flag().prefault('true'),
  PENDING_WORKER_INTERVAL_MS: milliseconds().prefault('5000'),
});

export type Settings = z.infer<typeof settingsSchema>;

const OWN_PREFIX =
  /^(RATE_LIMIT|CIRCUIT_BREAKER|DATABASE|SSL|GROQ|MEM0|UPSTREAM|LOAD_SHED|PENDING_WORKER|SHUTDOWN|TRUST_PROXY|SECRET_KEY|CONNECTIONS)(_|$)/i;

// OpenSSL settings that Node supports.
const FOREIGN = ['SSL_CERT_FILE', 'SSL_CERT_DIR'];

const NAMES = [...Object.keys(settingsSchema.shape), 'SECRET_KEY'];

// Shorter names are too similar to settings of other programs.
const TELLING_LENGTH = 10;
const TYPOS = 2;

/**
 * Returns a problem, with a suggestion, for each unknown variable that looks like a setting of this service. This
 * includes variables with the same prefix and names with one or two typos. Otherwise a misspelled setting could
 * silently leave a protection disabled.
 */
export function unknownSettings(environment: NodeJS.ProcessEnv): string[] {
  const known = new Set([...NAMES, ...FOREIGN]);
  return Object.keys(environment).flatMap((name) => {
    if (known.has(name)) return [];
    const given = name.toUpperCase();
    const nearest = NAMES.find((candidate) => candidate.startsWith(given)) ?? closest(given, NAMES);
    const typos = distance(given, nearest);
    const isMisspelt = nearest.length >= TELLING_LENGTH && typos <= TYPOS;
    if (!OWN_PREFIX.test(name) && !isMisspelt) return [];
    return [`${name}: there is no such setting${typos <= nearest.length / 2 ? `; did you mean ${nearest}?` : ''}`];
  });
}
