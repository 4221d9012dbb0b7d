import { expect, test, vi } from 'vitest';
import { startLab } from '../../../harness/index.ts';

test.each([
  ["are kept in the user's own cache folder", {}, '/home/proofload'],
  ['are kept in a given folder', { NODE_COMPILE_CACHE: '/given' }, '/given'],
  [
    'are not kept while coverage is collected, because it would be less precise',
    { NODE_V8_COVERAGE: '/dev/null' },
    undefined,
  ],
] as const)("compiled modules of a lab's processes %s", async (_, settings, folder) => {
  const environment = { NODE_COMPILE_CACHE: undefined, NODE_V8_COVERAGE: undefined, XDG_CACHE_HOME: '/home' };
  for (const [name, value] of Object.entries({ ...environment, ...settings })) vi.stubEnv(name, value);
  await expect(startLab({ contract: 'no-such-contract.yaml' })).rejects.toMatchObject({ code: 'CONTRACT_INVALID' });
  // The lab's processes start after this.
  expect(process.env.NODE_COMPILE_CACHE).toBe(folder);
});
