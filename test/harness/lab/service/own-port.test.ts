import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { ServiceEvent } from '../../../../harness/history/events.ts';
import { attemptStart } from '../../../../harness/lab/service/attempt-start.ts';
import { requireOwnPort } from '../../../../harness/lab/service/own-port.ts';
import { ServiceProcess } from '../../../../harness/lab/service/service-process.ts';
import { parseListeners } from '../../../../harness/machine/listeners.ts';
import { freePort } from '../../../../harness/process/readiness.ts';
import { Reaper } from '../../../../harness/process/reaper.ts';
import { facts } from '../../../support/history.ts';
import { refusingPort } from '../../../support/refusing-port.ts';

/** A program that listens on a port, says so, and ends with its standard input. */
const LISTEN = `process.stdin.on('end', () => process.exit()).resume();
  if (process.env.AS_USER) process.setuid(Number(process.env.AS_USER));
  require('node:http').createServer((_, response) => response.end()).listen(
    Number(process.argv[1]), process.argv[2], () => console.log('ready'))`;

const MARK = { PROOFLOAD_TEST: 'own-port' };

interface Options {
  readonly env?: Record<string, string>;
  readonly shell?: string;
}

/** Starts a program that listens on a port, or another command, and waits until it says that it is ready. */
async function listen(port: number, host = '127.0.0.1', { env = MARK, shell }: Options = {}) {
  const [file, args] = shell
    ? ['sh', ['-c', shell, process.execPath, LISTEN, String(port), host]]
    : [process.execPath, ['-e', LISTEN, String(port), host]];
  const started = spawn(file as string, args as string[], {
    env: { ...env, PATH: process.env.PATH },
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    cwd: '/',
  });
  onTestFinished(() => end(started));
  await once(started.stdout as NodeJS.ReadableStream, 'data');
  return { pid: started.pid };
}

function end(started: ChildProcess): void {
  started.stdin?.end();
  started.kill();
}

/** Starts a process that listens on nothing. */
function idle() {
  const started = spawn('cat', { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
  onTestFinished(() => end(started));
  return { pid: started.pid };
}

const LAUNCH = { environment: MARK };
const isLinux = process.platform === 'linux';
if (!isLinux) console.warn('tests of the owner of a port are skipped: only Linux reports the sockets of processes');

test.runIf(isLinux).each(['127.0.0.1', '0.0.0.0', '::'])('a service may listen on %s', async (host) => {
  const port = await freePort();
  expect(requireOwnPort(await listen(port, host), LAUNCH, port)).toBeUndefined();
});

test.runIf(isLinux).each([
  ['a shell', '"$0" -e "$1" "$2" "$3"; :'],
  ['a group of its own', 'setsid "$0" -e "$1" "$2" "$3"; :'],
  ['a daemon that has left its parents', 'exec 3<&0; (setsid "$0" -e "$1" "$2" "$3" <&3 & ) ; exec sleep 60'],
])('a service may listen in %s', async (_what, shell) => {
  const port = await freePort();
  expect(requireOwnPort(await listen(port, '127.0.0.1', { shell }), LAUNCH, port)).toBeUndefined();
});

test.runIf(isLinux)('a worker of the service may listen', async () => {
  const port = await freePort();
  const { pid = 0 } = await listen(port);
  expect(requireOwnPort({ ...idle(), workers: [pid] }, LAUNCH, port)).toBeUndefined();
});

test.runIf(isLinux).each(['127.0.0.1', '0.0.0.0'])("another process's socket on %s is refused", async (host) => {
  const port = await freePort();
  const { pid } = await listen(port, host, { env: {} });
  expect(() => requireOwnPort(idle(), LAUNCH, port)).toThrow(
    expect.objectContaining({
      code: 'SERVICE_PORT_TAKEN',
      message: expect.stringMatching(
        new RegExp(`\\(process ${pid}\\) of user \\d+ listens on port ${port}, but does not belong`),
      ),
    }),
  );
});

test.runIf(isLinux)('a more specific address gets the connections', async () => {
  const port = await freePort();
  const service = await listen(port, '::1');
  await listen(port, '127.0.0.1', { env: {} });
  expect(() => requireOwnPort(service, LAUNCH, port)).toThrow('listens on port');
});

test.runIf(isLinux)('a service whose port another process has taken is neither started nor tried', async () => {
  const port = await freePort();
  await listen(port, '127.0.0.1', { env: {} });
  await using reaper = new Reaper();
  const launch = { command: ['sleep', '60'], environment: { PATH: process.env.PATH ?? '' } };
  const { contract } = facts();
  const events: ServiceEvent[] = [];
  const starting = ServiceProcess.start({
    contract: { ...contract, start: { command: [], readyPath: '/', readySeconds: 10 } },
    launch,
    port,
    reaper,
    logFile: '/dev/null',
    onLine: () => {},
    record: (event) => events.push(event),
  });
  await expect(starting).rejects.toMatchObject({ code: 'SERVICE_PORT_TAKEN' });
  expect(events.map(({ event }) => event)).toEqual(['signalled', 'exited']);
  const trying = attemptStart({ about: 'a key', launch, readyUrl: `http://127.0.0.1:${port}/`, reaper });
  await expect(trying).rejects.toMatchObject({ code: 'SERVICE_PORT_TAKEN' });
});

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('a test of a port that another user took is skipped: only root can start it');

test.runIf(isLinux && isRoot)("another user's socket is refused", async () => {
  const port = await freePort();
  await listen(port, '127.0.0.1', { env: { AS_USER: '65534' } });
  expect(() => requireOwnPort(idle(), LAUNCH, port)).toThrow('listens on port');
});

test('a container, and a port without a socket, are named as not checked', async () => {
  expect(requireOwnPort({ pid: undefined }, LAUNCH, 1)).toBe('it runs in a container');
  const expected = isLinux ? /no socket on port \d+ can be seen/ : /only Linux/;
  expect(requireOwnPort(idle(), LAUNCH, await refusingPort())).toMatch(expected);
});

test('finds the sockets that get connections to 127.0.0.1', () => {
  const line = (address: string, state: string, inode: number) =>
    `  0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000    33        0 ${inode} 1 0 100 0`;
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    line('0100007F:3039', '0A', 1),
    line('0100007F:3039', '01', 2),
    line('0100007F:303A', '0A', 3),
    line('00000000:3039', '0A', 4),
    line('0200007F:3039', '0A', 5),
    line('00000000000000000000000000000000:3039', '0A', 6),
    line('00000000000000000000000001000000:303B', '0A', 7),
  ];
  const inodes = (lines: string[], port: number) => parseListeners(lines.join('\n'), port).map(({ inode }) => inode);
  expect(inodes(table, 12_345)).toEqual(['1']);
  expect(inodes(table.toSpliced(1, 1), 12_345)).toEqual(['4']);
  expect(inodes(table.slice(5), 12_345)).toEqual(['6']);
  expect(inodes(table, 12_347)).toEqual([]);
  expect(parseListeners(table.join('\n'), 12_346)).toEqual([{ inode: '3', user: 33 }]);
});
