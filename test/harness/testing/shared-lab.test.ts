import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AskingService, askingService } from '../../support/asking-service.ts';
import { eventually } from '../../support/eventually.ts';
import { processesWith } from '../../support/processes-with.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/**
 * A process that uses a shared lab as it is told on its standard input, line by line: JavaScript that is evaluated with
 * `lab` and `startLab`. Prints each result as JSON.
 */
const USER = `
import { createInterface } from 'node:readline';
import { startLab } from ${JSON.stringify(resolve('harness/index.ts'))};
const text = async (path) => (await fetch(lab.url + path)).text();
const status = async (path) => (await fetch(lab.url + path)).status;
let lab;
let first;
for await (const line of createInterface({ input: process.stdin })) {
  const result = await eval('(async () => (' + line + '))()').catch((error) => ({ error: error.code ?? String(error.cause ?? error) }));
  console.log(JSON.stringify(result ?? null));
}
`;

interface User {
  readonly child: ChildProcess;
  /** Evaluates an expression in the process. */
  tell(expression: string): Promise<unknown>;
}

/** A folder for temporary files, a service, and users of shared labs that keep their files there. */
async function scene() {
  const stack = new AsyncDisposableStack();
  const newFolder = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shared-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    return folder;
  };
  const temporary = await newFolder();
  const service = await askingService(await newFolder());
  const open = async (): Promise<User> => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', USER], {
      env: { ...process.env, TMPDIR: temporary, NODE_TEST_CONTEXT: undefined },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    stack.defer(() => void child.kill('SIGKILL'));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const tell = async (expression: string) => {
      child.stdin.write(`${expression.replaceAll('\n', ' ')}\n`);
      return JSON.parse((await lines.next()).value ?? 'null');
    };
    return { child, tell };
  };
  const left = async () => [...(await processesWith(temporary)), ...(await readdir(temporary))];
  return { temporary, service, open, left, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** What most tests use, because a lab and its users take seconds to start. Each test gives the lab back. */
let common: Awaited<ReturnType<typeof scene>>;
let user: User;
beforeAll(async () => {
  common = await scene();
  user = await common.open();
});
afterAll(() => common?.[Symbol.asyncDispose]());

const start = ({ contract }: AskingService, more = 'shared: true'): string =>
  `(lab = await startLab({ contract: ${JSON.stringify(contract)}, ${more} }), first ??= Promise.resolve(lab), lab.url)`;

const END = 'lab[Symbol.asyncDispose]()';

const versionOf = async (user: User) => String(await user.tell('text("/version")')).split(' ');

test('one test file after another uses the same lab, without the faults and receipts of others', async () => {
  const { service, open, temporary } = common;
  const users = [user, await open()];
  // Both start at once, and one gets the lab.
  const starting = users.map((user) => user.tell(start(service)).then((url) => ({ user, url })));
  const { user: first, url } = await Promise.race(starting);
  expect(url).toMatch(/^http:/);
  const second = users.find((user) => user !== first) as User;
  let isSecondIn = false;
  const waiting = Promise.all(starting).then(() => {
    isSecondIn = true;
  });
  await first.tell('lab.fault("llm", { kind: "status", status: 500 })');
  expect(await first.tell('status("/ask")')).toBe(503);
  const version = await versionOf(first);
  // The same file does not wait for itself.
  expect(await first.tell(start(service))).toBe(url);
  await first.tell(END);
  await new Promise((later) => setTimeout(later, 1_000));
  expect([isSecondIn, await first.tell('status("/ask")')]).toEqual([false, 503]);
  await first.tell(`first.then((old) => old[Symbol.asyncDispose]())`);
  await waiting;
  expect(await second.tell('lab.url')).toBe(url);
  expect(await versionOf(second)).toEqual(version);
  expect(await second.tell('lab.receipts("llm")')).toEqual([]);
  expect(await second.tell('status("/ask")')).toBe(200);
  expect(await second.tell('lab.receipts("llm")')).toHaveLength(1);
  await second.tell(END);
  const [folder = ''] = (await readdir(temporary)).filter((name) => name.startsWith('proofload-labs-'));
  expect((await stat(join(temporary, folder))).mode & 0o777).toBe(0o700);
  const [socket = ''] = await readdir(join(temporary, folder));
  expect((await stat(join(temporary, folder, socket))).mode & 0o777).toBe(0o600);
});

test('the next file gets the present code, contract and settings', async () => {
  const { service } = common;
  const url = await user.tell(start(service));
  const [, pid] = await versionOf(user);
  await user.tell(END);
  await service.write('second');
  expect(await user.tell(start(service))).toBe(url);
  const [version, newPid] = await versionOf(user);
  expect([version, newPid === pid]).toEqual(['second', false]);
  await user.tell(END);
  await service.rewrite({ name: 'another name' });
  expect(await user.tell(start(service))).not.toBe(url);
  expect(await user.tell('lab.run("stress/smoke").then(({ verdict }) => verdict)')).toMatch(/^[A-Z]+$/);
  await user.tell(END);
});

test('a service that was killed is started again, and one that does not start says so', async () => {
  const { service } = common;
  await user.tell(start(service));
  const [version, pid] = await versionOf(user);
  await user.tell(`process.kill(Number((await text("/version")).split(" ")[1]), "SIGKILL")`);
  await user.tell(END);
  await user.tell(start(service));
  const [sameVersion, newPid] = await versionOf(user);
  expect([sameVersion, newPid === pid]).toEqual([version, false]);
  await user.tell(END);
  await writeFile(join(service.folder, 'service.mjs'), 'throw new Error("boom")');
  expect(await user.tell(start(service))).toEqual({ error: 'SERVICE_NOT_READY' });
  await service.write('repaired');
  await user.tell(start(service));
  expect((await versionOf(user))[0]).toBe('repaired');
  await user.tell(END);
});

test('it ends when no file has used it for a while, starts again for the next one, and ends with its owner', async () => {
  await using own = await scene();
  const { service, left } = own;
  const user = await own.open();
  await user.tell(start(service, 'shared: { idleSeconds: 1 }'));
  await new Promise((later) => setTimeout(later, 1_500));
  expect(await user.tell('status("/ask")')).toBe(200);
  await user.tell(END);
  const others = async () => (await left()).filter((name) => !name.startsWith('proofload-labs-'));
  await eventually(async () => expect(await others()).toEqual([String(user.child.pid)]));
  expect(await user.tell(start(service))).toMatch(/^http:/);
  expect((await left()).length).toBeGreaterThan(4);
  user.child.kill('SIGKILL');
  await eventually(async () => expect(await others()).toEqual([]));
});

test('of many processes that start the same lab at once, one does, also if a killed one has left the socket', async () => {
  const folder = await temporaryFolder();
  const socket = join(folder, 'lab.sock');
  const listenAndDie = `require('net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['--eval', listenAndDie], { stdio: 'ignore' }), 'exit');
  const starting = Array.from({ length: 8 }, () => {
    const child = spawn(process.execPath, ['harness/testing/shared-lab-process.ts'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(JSON.stringify({ socket, flags: {}, conditions: [] }));
    return child;
  });
  const started = await Promise.all(
    starting.map((child) =>
      Promise.race([once(child.stdout, 'data').then(() => 'ready'), once(child, 'exit').then(([code]) => code)]),
    ),
  );
  expect(started.filter((how) => how === 'ready')).toHaveLength(1);
  expect(started.filter((how) => how === 0)).toHaveLength(7);
  const winner = starting[started.indexOf('ready')] as ChildProcess;
  const ended = once(winner, 'exit');
  winner.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(await readdir(folder)).toEqual([]);
});

test('a folder that others can access is refused, and so are times that are none', async () => {
  await using own = await scene();
  const { service, temporary } = own;
  const user = await own.open();
  const folder = join(temporary, `proofload-labs-${process.getuid?.()}`);
  await mkdir(folder);
  await chmod(folder, 0o755);
  expect(await user.tell(start(service))).toEqual({ error: 'USAGE' });
  expect(await user.tell(start(service, 'shared: { idleSeconds: 0 }'))).toEqual({ error: 'USAGE' });
});
