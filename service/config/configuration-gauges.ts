import { Gauge, type Registry } from 'prom-client';
import type { Configuration } from './load-configuration.ts';
import { DEFAULT_SECRET_KEY } from './secret-key.ts';

/**
 * Adds gauges that show which protections are enabled and how they are configured, without exposing secrets. The
 * deployment checklist reads them.
 */
export function showConfiguration(registry: Registry, configuration: Configuration): void {
  const { environment, secretKey, sslVerifyEnabled, rateLimits, breakers } = configuration;
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
