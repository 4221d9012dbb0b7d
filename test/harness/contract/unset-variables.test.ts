import { expect, onTestFinished, test, vi } from 'vitest';
import { loadContract } from '../../../harness/contract/load.ts';
import reference from '../../../service/proofload.config.ts';
import { written, yaml } from './contract-files.ts';

const UNSET = '${env.PROOFLOAD_NOT_SET}';

test.each([
  ['LLM_KEY: gsk_example', `LLM_KEY: ${UNSET}`, 'environment.LLM_KEY'],
  ['node, service.mjs', `'${UNSET}', service.mjs`, 'start.command.0'],
  ['ASK_LIMIT: "10"', `ASK_LIMIT: '1${UNSET}'`, 'profiles.fast.environment.ASK_LIMIT'],
])('reports an unset variable only if the service is to be started: %s', async (from, to, where) => {
  const path = await yaml(from, to);
  const refused = loadContract(path, { profile: 'fast' });
  await expect(refused).rejects.toThrow(
    new RegExp(`✖ \\S+:\\d+: ${where}: \\$\\{env.PROOFLOAD_NOT_SET\\}: PROOFLOAD_NOT_SET is not set$`),
  );
  expect((await loadContract(path)).name).toBe('ask service');
});

test('ignores variables that are not used to start the service', async () => {
  const set = { profile: 'fast', command: ['other'] };
  const path = await yaml('node, service.mjs', `'${UNSET}', service.mjs`);
  expect((await loadContract(path, set)).start).toMatchObject({ command: ['other'], cwd: process.cwd() });
  vi.stubEnv('PROOFLOAD_NOT_SET', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(loadContract(path, { profile: 'fast' })).resolves.toHaveProperty('name', 'ask service');
  vi.unstubAllEnvs();
  const other = { ...reference.profiles.production, environment: { A: UNSET } };
  const elsewhere = await written({ ...reference, profiles: { ...reference.profiles, production: other } });
  await expect(loadContract(elsewhere, { profile: 'fast' })).resolves.toHaveProperty('name', reference.name);
  await expect(loadContract(elsewhere, { profile: 'production' })).rejects.toThrow('profiles.production.environment.A');
});
