import { ConfigurationError } from './configuration-error.ts';
import { openDoors } from './open-doors.ts';
import { checkSecretKey } from './secret-key.ts';
import { type Settings, settingsSchema, unknownSettings } from './settings.ts';
import { otherThanSpecified } from './specified.ts';

/** The service's configuration. Times are in milliseconds. */
export type Configuration = ReturnType<typeof arrange>;

/**
 * Reads the configuration, including SECRET_KEY, from environment variables and validates it.
 * @throws ConfigurationError that lists all problems: invalid or missing values, unknown settings, a weak key
 */
export function loadConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const settings = settingsSchema.safeParse(environment);
  // A misspelled ENVIRONMENT must not weaken the check, so everything except development counts as production.
  const stage = environment.ENVIRONMENT?.trim() === 'development' ? 'development' : 'production';
  const secretKey = checkSecretKey(environment.SECRET_KEY, stage);

  const problems = unknownSettings(environment);
  const doors = openDoors(environment, stage);
  if (stage === 'production') problems.push(...doors.map((door) => `${door} It is refused in production.`));
  if (secretKey.key === undefined) problems.unshift(...secretKey.problems);
  if (!settings.success) {
    problems.push(...settings.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  }
  if (problems.length > 0 || secretKey.key === undefined || !settings.success) throw new ConfigurationError(problems);
  return arrange(settings.data, secretKey.key, secretKey.warning ? [secretKey.warning, ...doors] : doors);
}

function arrange(settings: Settings, secretKey: string, loud: readonly string[]) {
  return {
    host: settings.HOST,
    port: settings.PORT,
    environment: settings.ENVIRONMENT,
    replicas: settings.REPLICAS,
    shutdownGraceMs: settings.SHUTDOWN_GRACE_MS,
    http: {
      max: settings.CONNECTIONS_MAX,
      // Behind a proxy, all connections have the same address.
      maxPerAddress: settings.TRUST_PROXY_HOPS > 0 ? undefined : settings.CONNECTIONS_PER_ADDRESS_MAX,
      headersTimeoutMs: settings.REQUEST_HEADERS_TIMEOUT_MS,
      requestTimeoutMs: settings.REQUEST_TIMEOUT_MS,
    },
    logLevel: settings.LOG_LEVEL,
    secretKey,
    secrets: secretsIn(settings, secretKey),
    warnings: [...loud, ...switchedOff(settings), ...otherThanSpecified(settings)],
    sslVerifyEnabled: settings.SSL_VERIFY_ENABLED,
    upstreams: {
      timeoutMs: settings.UPSTREAM_TIMEOUT_MS,
      budgetMs: settings.UPSTREAM_BUDGET_MS,
      concurrencyMax: settings.UPSTREAM_CONCURRENCY_MAX,
      countTooManyRequests: settings.CIRCUIT_BREAKER_COUNT_429,
    },
    loadShedDelayMs: settings.LOAD_SHED_EVENT_LOOP_DELAY_MS,
    pendingWorker: { enabled: settings.PENDING_WORKER_ENABLED, intervalMs: settings.PENDING_WORKER_INTERVAL_MS },
    groq: { baseUrl: settings.GROQ_BASE_URL, apiKey: settings.GROQ_API_KEY, model: settings.GROQ_MODEL },
    mem0: { baseUrl: settings.MEM0_BASE_URL, apiKey: settings.MEM0_API_KEY },
    database: {
      url: settings.DATABASE_URL,
      poolMax: settings.DATABASE_POOL_MAX,
      queueMax: settings.DATABASE_QUEUE_MAX,
      acquireTimeoutMs: settings.DATABASE_ACQUIRE_TIMEOUT_MS,
      statementTimeoutMs: settings.DATABASE_STATEMENT_TIMEOUT_MS,
      startTimeoutMs: settings.DATABASE_START_TIMEOUT_MS,
    },
    rateLimits: {
      enabled: settings.RATE_LIMIT_ENABLED,
      default: settings.RATE_LIMIT_DEFAULT,
      conversationsEnd: settings.RATE_LIMIT_CONVERSATION_END,
      activitiesSuggest: settings.RATE_LIMIT_ACTIVITIES_SUGGEST,
      health: settings.RATE_LIMIT_HEALTH_CHECK,
      storeFailure: settings.RATE_LIMIT_STORE_FAILURE,
      trustedHops: settings.TRUST_PROXY_HOPS,
    },
    limitStore: {
      // If rate limits are disabled, don't connect to the store.
      kind: settings.RATE_LIMIT_ENABLED ? settings.RATE_LIMIT_STORE : 'memory',
      url: settings.DATABASE_URL,
      timeoutMs: settings.RATE_LIMIT_STORE_TIMEOUT_MS,
    },
    breakers: {
      enabled: settings.CIRCUIT_BREAKER_ENABLED,
      failureThreshold: settings.CIRCUIT_BREAKER_FAILURE_THRESHOLD,
      recoveryTimeoutMs: settings.CIRCUIT_BREAKER_RECOVERY_TIMEOUT,
    },
  };
}

/** Returns a warning for each disabled protection. The warnings are logged at every start. */
function switchedOff(settings: Settings): string[] {
  const found: string[] = [];
  if (!settings.RATE_LIMIT_ENABLED) found.push('RATE_LIMIT_ENABLED is false: requests are NOT limited!');
  if (!settings.CIRCUIT_BREAKER_ENABLED)
    found.push('CIRCUIT_BREAKER_ENABLED is False: failing APIs are called again and again!');
  return found;
}

/** Returns the values that must never appear in the log. */
function secretsIn(settings: Settings, secretKey: string): string[] {
  const url = settings.DATABASE_URL;
  const { password, searchParams } = new URL(url);
  const passwords = [url, password, decoded(password), searchParams.get('password') ?? ''];
  return [secretKey, settings.GROQ_API_KEY, settings.MEM0_API_KEY, ...passwords].filter(Boolean);
}

// Like pg, use a password with an invalid percent escape as is.
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
