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
    'upstream_tls{upstream="llm",origin="https://api.groq.com"} 1',
    'upstream_tls{upstream="memory",origin="https://api.mem0.ai"} 1',
    'rate_limit_requests{setting="RATE_LIMIT_DEFAULT",window_seconds="60"} 100',
    'rate_limit_requests{setting="RATE_LIMIT_CONVERSATION_END",window_seconds="60"} 100',
    'rate_limit_requests{setting="RATE_LIMIT_ACTIVITIES_SUGGEST",window_seconds="60"} 60',
    'rate_limit_requests{setting="RATE_LIMIT_HEALTH_CHECK",window_seconds="60"} 300',
    'circuit_breaker_failure_threshold 5',
    'circuit_breaker_recovery_timeout_seconds 60',
  ]);
});

test('shows upstreams in plain text, and all limits of a setting', async () => {
  const lines = await shown({
    ENVIRONMENT: 'development',
    MEM0_BASE_URL: 'http://127.0.0.1:9/memories',
    RATE_LIMIT_HEALTH_CHECK: '300/minute; 5/second',
  });
  expect(lines).toEqual(
    expect.arrayContaining([
      'upstream_tls{upstream="memory",origin="http://127.0.0.1:9"} 0',
      'rate_limit_requests{setting="RATE_LIMIT_HEALTH_CHECK",window_seconds="60"} 300',
      'rate_limit_requests{setting="RATE_LIMIT_HEALTH_CHECK",window_seconds="1"} 5',
    ]),
  );
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
