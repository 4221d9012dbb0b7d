import { PassThrough } from 'node:stream';
import type { Response } from 'express';
import { expect, test, vi } from 'vitest';
import { secrets } from '../../../harness/base/secrets.ts';
import type { Receipt } from '../../../harness/history/events.ts';
import { ScenarioState } from '../../../harness/report/live/scenario-state.ts';
import { Broadcast } from '../../../harness/workbench/broadcast.ts';
import { RecentEvents } from '../../../harness/workbench/recent-events.ts';
import { Tail } from '../../../harness/workbench/tail.ts';
import type { Workbench } from '../../../harness/workbench/workbench.ts';
import { eventually } from '../../support/eventually.ts';
import { facts, receipt } from '../../support/history.ts';

/** A workbench that is only observed. */
function still() {
  const log = new Tail<string>(5);
  const receipts = new Tail<Receipt>(5);
  const { contract, numbers } = facts();
  const workbench = {
    contract,
    numbers,
    log,
    receipts,
    recent: new RecentEvents(),
    state: new ScenarioState({ scenario: 'by hand', breakers: [], ceiling: 5 }, 0),
    runs: [],
    problem: '',
    service: { url: null, state: 'up', doing: null },
    load: { rates: {}, clients: 1, leftOut: 0 },
    faults: async () => ({}),
  };
  return { log, receipts, workbench: workbench as unknown as Workbench };
}

/** A page that reads all events (or none), and the events that it got. */
function openPage(reads = true) {
  const stream = Object.assign(new PassThrough(), { writeHead: vi.fn() });
  let got = '';
  if (reads) {
    stream.on('data', (data) => {
      got += data;
    });
  }
  const events = (name: string) =>
    got
      .split('\n\n')
      .filter((line) => line.startsWith(`event: ${name}\n`))
      .map((line) => JSON.parse(line.slice(line.indexOf('data: ') + 6)));
  return { stream, page: stream as unknown as Response, events };
}

test('a page gets all past events first, then each new event once', async () => {
  const { log, receipts, workbench } = still();
  log.add('before');
  await using broadcast = new Broadcast(workbench);
  const { page, events } = openPage();
  broadcast.join(page);
  log.add('after');
  receipts.add(receipt(1, 0, 5, 'groq'));
  await eventually(() => expect(events('now').length).toBeGreaterThan(1));
  expect(events('log').flat()).toEqual(['before', 'after']);
  expect(events('receipts').flat()).toMatchObject([{ seq: 1, upstream: 'groq' }]);
  expect(events('charts')[0]).toMatchObject({ timeline: { zero: 120, end: 120 } });
  expect(events('now')[0]).toMatchObject({ service: { state: 'up' }, connections: { open: 0, ceiling: 5 } });
});

test('a page gets no secrets', async () => {
  const { log, receipts, workbench } = still();
  secrets.hide('the-key-of-the-user');
  workbench.problem = 'it said the-key-of-the-user';
  receipts.add({ ...receipt(1, 0, 5, 'groq'), path: '/v1?key=the-key-of-the-user' });
  log.add('starting with the-key-of-the-user');
  await using broadcast = new Broadcast(workbench);
  const { page, events } = openPage();
  broadcast.join(page);
  await eventually(() => expect(events('now').length).toBeGreaterThan(0));
  await eventually(() => expect(events('receipts').flat()).toMatchObject([{ path: '/v1?key=REDACTED' }]));
  expect(events('log').flat()).toEqual(['starting with REDACTED']);
  expect(events('now')[0].problem).toBe('it said REDACTED');
});

test("a page that doesn't read is disconnected before it uses much memory", async () => {
  const { log, workbench } = still();
  await using broadcast = new Broadcast(workbench);
  const { page, stream } = openPage(false);
  broadcast.join(page);
  const chatter = setInterval(() => log.add('x'.repeat(3_000_000)), 50);
  await eventually(() => expect(stream.destroyed).toBe(true));
  clearInterval(chatter);
});

test('at the end, the stream of every page is closed', async () => {
  const { workbench } = still();
  const broadcast = new Broadcast(workbench);
  const { page, stream } = openPage();
  broadcast.join(page);
  await broadcast[Symbol.asyncDispose]();
  await eventually(() => expect(stream.readableEnded).toBe(true));
});
