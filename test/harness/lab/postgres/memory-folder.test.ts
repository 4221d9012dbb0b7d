import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryFolder } from '../../../../harness/lab/postgres/memory-folder.ts';
import { PostgresCluster } from '../../../../harness/lab/postgres/postgres-cluster.ts';

test("a server's data are in memory unless that is scarce, or the user has chosen another folder", async () => {
  const found = (environment: NodeJS.ProcessEnv, available = 8e9, folder = tmpdir()) =>
    memoryFolder(environment, available, folder);
  expect(await found({})).toBe(tmpdir());
  expect(await found({ TMPDIR: '/elsewhere' })).toBeUndefined();
  expect(await found({}, 1e9)).toBeUndefined();
  expect(await found({}, 8e9, '/no/such/folder')).toBeUndefined();
});

test('a server whose data are in memory leaves nothing there', async () => {
  const memory = await mkdtemp(join('/tmp', 'proofload-memory-'));
  try {
    await chmod(memory, 0o755); // the server's user must be able to enter it
    const cluster = await PostgresCluster.create(
      [],
      () => {},
      () => {},
      memory,
    );
    const [made = ''] = await readdir(memory);
    expect(await readdir(join(memory, made))).toEqual(['data']);
    await cluster.remove();
    expect(await readdir(memory)).toEqual([]);
  } finally {
    await rm(memory, { recursive: true, force: true });
  }
});
