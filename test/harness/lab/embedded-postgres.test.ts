import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';

/** The process of an embedded server, with a folder of its own for all that is temporary. */
async function start() {
  const temporary = await mkdtemp(join(tmpdir(), 'proofload-embedded-'));
  onTestFinished(() => rm(temporary, { recursive: true, force: true }));
  await chmod(temporary, 0o755); // PostgreSQL runs as another user where this runs as root
  const child = spawn(process.execPath, ['harness/lab/embedded-postgres.ts'], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return { child, exited: once(child, 'exit'), left: () => readdir(temporary) };
}

test.each(['its input ends', 'SIGTERM'])('told to end while it makes its data (%s), it leaves nothing', async (how) => {
  const { child, exited, left } = await start();
  // initdb is given this file, so that is what it is at.
  const isAtIt = async () => expect(await left()).toContainEqual(expect.stringMatching(/^pg-password-/));
  await vi.waitFor(isAtIt, { timeout: 10_000, interval: 5 });
  if (how === 'SIGTERM') child.kill('SIGTERM');
  else child.stdin.end();
  expect(await exited).toEqual([0, null]);
  expect(await left()).toEqual([]);
});
