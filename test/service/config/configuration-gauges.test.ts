import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { showConfiguration } from '../../../service/config/configuration-gauges.ts';
import { loadConfiguration } from '../../../service/config/load-configuration.ts';

const REQUIRED = { DATABASE_URL: 'postgres://ada:hunter2@db/x', GROQ_API_KEY: 'gsk_hidden', MEM0_API_KEY: 'm0_hidden' };

async function shown(settings: Record<string, string>): Promise<string[]> {
  const registry = new Registry();
  showConfiguration(registry, loadConfiguration({ ...REQUIRED, ...settings }));
  return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('shows which protections are on, and no secrets', async () => {
  const lines = await shown({ SECRET_KEY: 'Zq8-rT2_vL5.xW9+bN4=cM7!kJ3*hG6p' });
  expect(lines).toEqual([
    'service_environment{environment="production"} 1',
    'protection_enabled{protection="rate_limit"} 1',
    'protection_enabled{protection="circuit_breaker"} 1',
    'protection_enabled{protection="ssl_verify"} 1',
    'protection_enabled{protection="secret_key"} 1',
    'circuit_breaker_failure_threshold 5',
    'circuit_breaker_recovery_timeout_seconds 60',
  ]);
});

test('shows which protections are off', async () => {
  const lines = await shown({ ENVIRONMENT: 'development', SSL_VERIFY_ENABLED: 'False', RATE_LIMIT_ENABLED: 'false' });
  expect(lines).toEqual(
    expect.arrayContaining([
      'service_environment{environment="development"} 1',
      'protection_enabled{protection="rate_limit"} 0',
      'protection_enabled{protection="ssl_verify"} 0',
      'protection_enabled{protection="secret_key"} 0',
    ]),
  );
});
