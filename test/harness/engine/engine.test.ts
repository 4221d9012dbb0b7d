import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { findEngine } from '../../../harness/engine/engine.ts';
import { temporaryFile } from '../../support/temporary-folder.ts';

/** Creates a command that responds to `version` like k6. */
async function stubbed(name: string, script: string): Promise<string> {
  const path = await temporaryFile(name, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

test('auto uses the k6 binary if there is one', async () => {
  vi.stubEnv('K6_BIN', await stubbed('k6', 'echo "k6 v1.6.1 (go1.25)"'));
  expect(await findEngine('auto')).toMatchObject({ name: 'k6', version: 'k6 v1.6.1 (go1.25)' });
});

test('auto uses the embedded engine if there is no k6', async () => {
  vi.stubEnv('K6_BIN', '/nowhere/k6');
  expect(await findEngine('auto')).toMatchObject({ name: 'embedded', version: expect.stringContaining('proofload') });
});

test("it is an error if k6 is requested and doesn't respond", async () => {
  vi.stubEnv('K6_BIN', await stubbed('k6', 'echo "cannot execute" >&2; exit 1'));
  await expect(findEngine('k6')).rejects.toMatchObject({
    code: 'ENGINE_NOT_FOUND',
    message: expect.stringContaining('does not answer: cannot execute'),
  });
});

test('the image uses the host network and can access the folders of the job', async () => {
  const docker = await stubbed('docker', 'echo "k6 v1.6.1 (in an image)"');
  vi.stubEnv('PATH', `${join(docker, '..')}:${process.env.PATH}`);
  const engine = await findEngine('docker');
  expect(engine.version).toBe('k6 v1.6.1 (in an image)');
  const command = engine.command(['/scripts', '/out'], 'proofload-k6-1', ['PROOFLOAD']);
  expect(command.slice(0, 3)).toEqual(['docker', 'run', '--rm']);
  expect(command).toEqual(
    expect.arrayContaining([
      '--name=proofload-k6-1',
      '--network=host',
      '--volume=/scripts:/scripts',
      '--volume=/out:/out',
      '--env=PROOFLOAD',
    ]),
  );
  expect(command.at(-1)).toMatch(/^grafana\/k6:/);
});

test('any other engine is rejected with the list of engines', async () => {
  await expect(findEngine('jmeter')).rejects.toThrow(
    'ENGINE=jmeter is not valid; allowed: auto, k6, docker or embedded',
  );
});
