import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { bearer } from '../../faults/control/guard.ts';
import { providers } from '../../mocks/providers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { agentOf } from './fake-lab.ts';

const MAIN = join(import.meta.dirname, '../../mocks/main.ts');

/** Starts the fakes as a process, which is stopped at the end of the scope. */
function spawnFakes(...flags: string[]) {
  const child = spawn(process.execPath, [MAIN, ...flags]);
  // A test that times out never leaves its scope.
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    child,
    exit,
    ready: () => readyLine(child),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

async function readyLine(child: ChildProcessWithoutNullStreams) {
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return JSON.parse(line) as {
    ready: true;
    control: string;
    token: string;
    upstreams: { groq: string; mem0: string };
    ca: string;
  };
}

test('prints one line when ready, serves requests, and on SIGTERM removes its temporary directory and exits with 0', async () => {
  await using fakes = spawnFakes();
  const ready = await fakes.ready();
  expect(ready).toEqual({
    ready: true,
    control: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    token: expect.stringMatching(/^[\w-]{32}$/),
    upstreams: Object.fromEntries(
      Object.keys(providers).map((name) => [name, expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/)]),
    ),
    ca: expect.stringMatching(/^\/.*\/ca\.pem$/),
  });
  await using agent = agentOf({ connect: { ca: await readFile(ready.ca, 'utf8') } });
  const headers = { authorization: 'Token m0-test' };
  const { statusCode } = await request(`${ready.upstreams.mem0}/v1/ping/`, { dispatcher: agent, headers });
  expect(statusCode).toBe(200);

  fakes.child.kill('SIGTERM');
  expect(await fakes.exit).toEqual([0, null]);
  expect(existsSync(dirname(ready.ca))).toBe(false);
});

test('exits on SIGTERM while a request hangs', async () => {
  await using fakes = spawnFakes();
  const { control, token, upstreams, ca } = await fakes.ready();
  const headers = { 'content-type': 'application/json', ...bearer(token) };
  await fetch(`${control}/upstreams/groq/faults`, {
    method: 'POST',
    headers,
    body: '{"kind":"hang"}',
  });
  await using agent = agentOf({ connect: { ca: await readFile(ca, 'utf8') } });
  const hanging = request(`${upstreams.groq}/`, { dispatcher: agent }).catch(({ code }) => code);
  while (((await (await fetch(`${control}/receipts/count`, { headers })).json()) as { open: number }).open === 0);
  fakes.child.kill('SIGTERM');
  expect(await fakes.exit).toEqual([0, null]);
  expect(await hanging).toBe('UND_ERR_SOCKET');
});

test('keeps a given directory', async () => {
  const directory = await temporaryFolder();
  await using fakes = spawnFakes('--certificates', join(directory, 'new'));
  const { ca } = await fakes.ready();
  expect(ca).toBe(join(directory, 'new', 'ca.pem'));
  fakes.child.kill('SIGINT');
  expect(await fakes.exit).toEqual([0, null]);
  expect(await readFile(ca, 'utf8')).toContain('BEGIN CERTIFICATE');
});

test('starts the upstreams given on standard input, and exits when it is closed', async () => {
  await using fakes = spawnFakes('--upstreams', '-', '--while-stdin-open');
  fakes.child.stdin.write('{"llm":{"kind":"groq"},"backup":{"kind":"groq"}}\n');
  expect(Object.keys((await fakes.ready()).upstreams)).toEqual(['llm', 'backup']);
  fakes.child.stdin.end();
  expect(await fakes.exit).toEqual([0, null]);
});

test('rejects an unknown flag with exit code 2', async () => {
  await using fakes = spawnFakes('--port', '1');
  let stderr = '';
  fakes.child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  await once(fakes.child, 'close');
  expect(await fakes.exit).toEqual([2, null]);
  expect(stderr).toContain('unknown-flag');
  expect(stderr).toContain('--certificates, --seed');
});
