import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { RestartableService } from '../../../../harness/lab/service/restartable-service.ts';
import { ServiceProcess } from '../../../../harness/lab/service/service-process.ts';
import { freePort } from '../../../../harness/process/readiness.ts';
import { Reaper } from '../../../../harness/process/reaper.ts';
import { eventually } from '../../../support/eventually.ts';
import { facts } from '../../../support/history.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Returns its process ID on /. From /stay on, it ignores SIGTERM. On /end, it logs an error with a long stack, and exits with code 7. */
const PROGRAM = `require('http').createServer((request, response) => {
  if (request.url === '/stay') process.on('SIGTERM', () => {});
  if (request.url === '/end') {
    console.log('Error: out of luck' + '\\n  at home'.repeat(30));
    process.exit(7);
  }
  response.end(String(process.pid));
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('up'));`;

/** Starts a small service. Returns it with its recorded events. */
async function startService() {
  const folder = await temporaryFolder();
  const reaper = new Reaper();
  const port = await freePort();
  const { contract } = facts();
  const recorded: HistoryEvent[] = [];
  const service = await RestartableService.start(() =>
    ServiceProcess.start({
      contract: { ...contract, start: { command: [], readyPath: '/', readySeconds: 10 } },
      launch: { command: [process.execPath, '-e', PROGRAM], environment: { PORT: String(port) } },
      port,
      reaper,
      logFile: join(folder, 'service.log'),
      onLine: () => {},
      record: (event) => recorded.push(event),
    }),
  );
  onTestFinished(async () => {
    await service[Symbol.asyncDispose]();
    await reaper[Symbol.asyncDispose]();
  });
  const pid = async () => (await fetch(service.url)).text();
  return { service, reaper, recorded, pid, readLog: () => readFile(join(folder, 'service.log'), 'utf8') };
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
  '%s ends one process and another answers at the same address',
  async (signal) => {
    const { service, recorded, pid, readLog } = await startService();
    const before = await pid();
    const url = service.url;
    await service.restart(signal);
    expect(service.url).toBe(url);
    expect(await pid()).not.toBe(before);
    expect(recorded).toMatchObject([
      { event: 'started' },
      { event: 'signalled', signal },
      { event: 'exited', code: null, signal, asked: true },
      { event: 'started' },
    ]);
    await eventually(async () => expect(await readLog()).toBe('up\nup\n'));
  },
);

test('gone resolves only after an unexpected exit, even after a restart', async () => {
  const { service, recorded } = await startService();
  let isGone = false;
  service.gone.then(() => {
    isGone = true;
  });
  await service.restart('SIGTERM');
  expect(isGone).toBe(false);
  await fetch(`${service.url}/end`).catch(() => {});
  await service.gone;
  expect(recorded.at(-1)).toMatchObject({ event: 'exited', code: 7, asked: false, said: 'Error: out of luck' });
});

test('a service that does not end is killed soon when the lab ends, because nobody judges it', async () => {
  const { service, recorded } = await startService();
  await fetch(`${service.url}/stay`);
  const began = performance.now();
  await service[Symbol.asyncDispose]();
  expect(recorded.at(-1)).toMatchObject({ event: 'exited', signal: 'SIGKILL', asked: true });
  // It takes 2 s, and may take 15 s or longer when its end is judged.
  expect(performance.now() - began).toBeLessThan(12_000);
});

test('a process that is killed because the run was ended did not end by itself', async () => {
  const { service, reaper, recorded } = await startService();
  reaper.killProcesses();
  await eventually(() => expect(recorded.at(-1)).toMatchObject({ event: 'exited', signal: 'SIGKILL' }));
  expect(recorded.at(-1)).toMatchObject({ asked: true });
  await service[Symbol.asyncDispose]();
});
