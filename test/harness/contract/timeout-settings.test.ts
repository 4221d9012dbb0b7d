import { expect, test } from 'vitest';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { timeoutSettings, withoutTimeouts } from '../../../harness/contract/timeout-settings.ts';
import assistant from '../../defects/upstreams/assistant.ts';

test.each<[string, string, string[]]>([
  ['LLM_TIMEOUT_SECONDS', '2', ['LLM_TIMEOUT_SECONDS']],
  ['LLM_TIMEOUT_MS', '2000', ['LLM_TIMEOUT_MS']],
  ['llmTimeout', '2s', ['llmTimeout']],
  ['CALL_DEADLINE', '2000ms', ['CALL_DEADLINE']],
  ['PATIENCE', '2.0', ['PATIENCE']],
  ['LLM_TIMEOUT', '2ms', []],
  ['LLM_TIMEOUT', '3', []],
  ['LLM_TIMEOUT', '${setting.OTHER}', []],
  ['POOL_MAX', '2', []],
])('%s=%s sets a timeout of 2 s: %j', (name, value, names) => {
  expect(timeoutSettings({ PORT: '${port}', [name]: value }, [{ seconds: 2 }])).toEqual(names);
});

const environmentWith = (changed: object) => {
  const contract = contractSchema.parse({ ...assistant, ...changed });
  return withoutTimeouts(contract).environment;
};

test('leaves out settings that set a promised timeout', () => {
  const { LLM_TIMEOUT_MS, ...others } = assistant.environment;
  expect(LLM_TIMEOUT_MS).toBe('10000');
  expect(environmentWith({})).toEqual(others);
  expect(environmentWith({ environment: { ...others, LLM_TIMEOUT_MS: '9000' } })).toHaveProperty('LLM_TIMEOUT_MS');
});

test('keeps settings that a file contains', () => {
  expect(environmentWith({ files: { 'app.ini': 'timeout = ${setting.LLM_TIMEOUT_MS}' } })).toEqual(
    assistant.environment,
  );
});

test('leaves out settings that set the timeout of another profile', () => {
  const { llm } = assistant.profiles.production.breakers;
  const fast = { ...assistant.profiles.fast, breakers: { llm: { ...llm, callTimeoutSeconds: 1.5 } } };
  const { LLM_TIMEOUT_MS: _, ...others } = assistant.environment;
  expect(
    environmentWith({
      environment: { ...others, LLM_TIMEOUT_MS: '1500' },
      profiles: { ...assistant.profiles, fast },
    }),
  ).toEqual(others);
});
