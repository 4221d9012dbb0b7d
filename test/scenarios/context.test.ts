import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadScript } from '../../engine/index.ts';

test('a scenario that is run as a script, without a lab, says how to run it', async () => {
  const scenario = fileURLToPath(new URL('../../scenarios/stress/smoke.ts', import.meta.url));
  await expect(loadScript(scenario)).rejects.toThrow('run it by its name (proofload run NAME), not by its path');
});
