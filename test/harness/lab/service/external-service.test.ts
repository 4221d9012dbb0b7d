import { execFileSync } from 'node:child_process';
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listen } from '../../../../harness/base/listen.ts';
import { contractSchema } from '../../../../harness/contract/contract.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { ExternalService } from '../../../../harness/lab/service/external-service.ts';
import { eventually } from '../../../support/eventually.ts';
import { limitedContract, startLimitedServer } from '../../../support/limited-server.ts';
import { leave } from '../../../support/refusing-port.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Attaches to a service at a URL. Returns its events and its log. */
async function find(url: string, log?: string) {
  const logFile = join(await temporaryFolder(), 'service.log');
  const contract = contractSchema.parse(limitedContract(url, log));
  const recorded: HistoryEvent[] = [];
  const lines: string[] = [];
  const service = await ExternalService.find({
    contract,
    running: { url, ...(log !== undefined && { log }) },
    logFile,
    onLine: (line) => lines.push(line),
    record: (event) => recorded.push(event),
  });
  return { service, recorded, lines, logFile };
}

test('a running service is found, is not stopped, and responds until the end', async () => {
  await using server = await startLimitedServer();
  const { service, recorded } = await find(`${server.url}/`);
  expect(service.url).toBe(server.url);
  await service[Symbol.asyncDispose]();
  expect(recorded).toMatchObject([{ type: 'service', event: 'found' }]);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

test('a service at another name is recorded as elsewhere', async () => {
  await using server = await startLimitedServer();
  const { service, recorded } = await find(server.url.replace('127.0.0.1', 'localhost'));
  await service[Symbol.asyncDispose]();
  expect(recorded).toMatchObject([{ event: 'found', elsewhere: true }]);
});

test("a service that doesn't respond at the end is lost", async () => {
  await using server = await startLimitedServer();
  const { service, recorded } = await find(server.url);
  await leave(server);
  await service[Symbol.asyncDispose]();
  expect(recorded).toMatchObject([{ event: 'found' }, { event: 'lost' }]);
});

test('its log is followed from its current end to the last line, and copied', async () => {
  await using server = await startLimitedServer();
  const log = join(await temporaryFolder(), 'log');
  await writeFile(log, 'before\n');
  const { service, lines, logFile } = await find(server.url, log);
  await appendFile(log, 'breaker op');
  await appendFile(log, 'ened\n');
  await eventually(() => expect(lines).toEqual(['breaker opened']));
  await appendFile(log, 'the last\nunfinished');
  await service[Symbol.asyncDispose]();
  expect(lines).toEqual(['breaker opened', 'the last']);
  await eventually(async () => expect(await readFile(logFile, 'utf8')).toBe('breaker opened\nthe last\n'));
});

test('a log that is a pipe is refused, because nothing could follow it', async () => {
  const log = join(await temporaryFolder(), 'log');
  execFileSync('mkfifo', [log]);
  await expect(find('http://127.0.0.1:9', log)).rejects.toMatchObject({
    code: 'SERVICE_NOT_READY',
    message: "start.running.log can't be read: it is no regular file; allowed: a file",
  });
});

test.each<[string, (log: string) => Promise<void>]>([
  ['truncated', (log) => writeFile(log, 'new\n')],
  ['replaced', (log) => rename(log, `${log}.1`).then(() => writeFile(log, 'of the other file\n'))],
])('its log is not read to its end if it is %s', async (how, change) => {
  await using server = await startLimitedServer();
  const log = join(await temporaryFolder(), 'log');
  await writeFile(log, 'before\nbefore\n');
  const { service, recorded } = await find(server.url, log);
  await change(log);
  await eventually(() => expect(recorded).toHaveLength(2));
  await service[Symbol.asyncDispose]();
  expect(recorded[1]).toMatchObject({ event: 'unread', problem: `${log} was ${how} while it was being read` });
});

test('a log that is replaced while the service is looked for is not read to its end', async () => {
  const log = join(await temporaryFolder(), 'log');
  await writeFile(log, 'before\n');
  await using server = await listen(async (_, response) => {
    await rename(log, `${log}.1`).catch(() => {});
    await writeFile(log, 'of the other file\n');
    response.end();
  });
  const { service, recorded } = await find(server.url, log);
  await eventually(() => expect(recorded).toHaveLength(2));
  await service[Symbol.asyncDispose]();
  expect(recorded[1]).toMatchObject({ event: 'unread', problem: `${log} was replaced while it was being read` });
});

test('its log is read to its end if it is removed', async () => {
  await using server = await startLimitedServer();
  const log = join(await temporaryFolder(), 'log');
  await writeFile(log, '');
  const { service, recorded, lines } = await find(server.url, log);
  await appendFile(log, 'breaker opened\n');
  await rm(log);
  await eventually(() => expect(lines).toEqual(['breaker opened']));
  await service[Symbol.asyncDispose]();
  expect(recorded).toMatchObject([{ event: 'found' }]);
});

test("a service that doesn't respond or has no log file is reported with its address or path", async () => {
  await using server = await startLimitedServer();
  const { url } = server;
  await expect(find(url, '/nowhere/log')).rejects.toMatchObject({
    code: 'SERVICE_NOT_READY',
    message: expect.stringContaining('/nowhere/log'),
  });
  await leave(server);
  await expect(find(url)).rejects.toThrow(
    `no 2xx from ${url}/health in 2 s, but no response; proofload does not start it`,
  );
});

test("it can't be restarted", async () => {
  await using server = await startLimitedServer();
  const { service } = await find(server.url);
  await using _ = service;
  await expect(service.restart()).rejects.toMatchObject({
    code: 'LAB_REQUEST_INVALID',
    message: expect.stringContaining("isn't started by proofload"),
  });
});
