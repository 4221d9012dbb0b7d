import { Gauge, type Registry } from 'prom-client';
import type { Limit } from './limit-string.ts';
import type { Configuration } from './load-configuration.ts';
import { DEFAULT_SECRET_KEY } from './secret-key.ts';
import type { LimitSetting } from './specified.ts';

/**
 * Adds gauges that show which protections are enabled and how they are configured, without exposing secrets. The
 * deployment checklist reads them.
 */
export function showConfiguration(registry: Registry, configuration: Configuration): void {
  const { environment, secretKey, sslVerifyEnabled, rateLimits, breakers, groq, mem0 } = configuration;
  const registers = [registry];
  new Gauge({
    name: 'service_environment',
    help: '1 for the environment (ENVIRONMENT) of the service',
    labelNames: ['environment'],
    registers,
  }).set({ environment }, 1);
  const enabled = new Gauge({
    name: 'protection_enabled',
    help: '1 if the protection is on, 0 if it is off; secret_key: 1 if the key is not the default key',
    labelNames: ['protection'],
    registers,
  });
  enabled.set({ protection: 'rate_limit' }, Number(rateLimits.enabled));
  enabled.set({ protection: 'circuit_breaker' }, Number(breakers.enabled));
  enabled.set({ protection: 'ssl_verify' }, Number(sslVerifyEnabled));
  enabled.set({ protection: 'secret_key' }, Number(secretKey !== DEFAULT_SECRET_KEY));
  const tls = new Gauge({
    name: 'upstream_tls',
    help: '1 if the upstream at this origin is called over TLS, 0 if it is called in plain text',
    labelNames: ['upstream', 'origin'],
    registers,
  });
  for (const [upstream, { baseUrl }] of Object.entries({ llm: groq, memory: mem0 })) {
    const { origin, protocol } = new URL(baseUrl);
    tls.set({ upstream, origin }, Number(protocol === 'https:'));
  }
  const limits = new Gauge({
    name: 'rate_limit_requests',
    help: 'Requests that a client may send in a window, by setting. All limits of a setting apply',
    labelNames: ['setting', 'window_seconds'],
    registers,
  });
  for (const [setting, rules] of Object.entries(limitsBySetting(rateLimits))) {
    for (const { amount, windowMs } of rules) limits.set({ setting, window_seconds: windowMs / 1000 }, amount);
  }
  new Gauge({
    name: 'circuit_breaker_failure_threshold',
    help: 'Consecutive failures that open a breaker',
    registers,
  }).set(breakers.failureThreshold);
  new Gauge({
    name: 'circuit_breaker_recovery_timeout_seconds',
    help: 'How long a breaker stays open before a trial',
    registers,
  }).set(breakers.recoveryTimeoutMs / 1000);
}

const limitsBySetting = (limits: Configuration['rateLimits']): Record<LimitSetting, readonly Limit[]> => ({
  RATE_LIMIT_DEFAULT: limits.default,
  RATE_LIMIT_CONVERSATION_END: limits.conversationsEnd,
  RATE_LIMIT_ACTIVITIES_SUGGEST: limits.activitiesSuggest,
  RATE_LIMIT_HEALTH_CHECK: limits.health,
});
