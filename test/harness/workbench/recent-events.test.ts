import { expect, test } from 'vitest';
import { RecentEvents, WINDOW_MS } from '../../../harness/workbench/recent-events.ts';
import { connections, request, T0, titled } from '../../support/history.ts';

test('keeps frequent events for two minutes, and state changes for longer', () => {
  const recent = new RecentEvents();
  recent.add(titled('steady', 0, 0));
  for (let second = 0; second < 1_000; second += 1) recent.add(request(second * 1_000, 5, 200, {}));
  const all = recent.since(0);
  expect(all[0]).toMatchObject({ type: 'phase', title: 'steady' });
  expect(all.slice(1)).toHaveLength(WINDOW_MS / 1_000);
  expect(recent.since(T0 + 995_000).slice(1)).toHaveLength(5);
});

test('however much arrives in two minutes, at most 101,000 events are kept', () => {
  const recent = new RecentEvents();
  for (let n = 0; n < 250_000; n += 1) recent.add(request(n / 10_000, 5, 200, {}));
  expect(recent.since(0).length).toBeLessThanOrEqual(101_000);
});

test('at most the latest thousand turning points are kept', () => {
  const recent = new RecentEvents();
  for (let n = 0; n < 1_500; n += 1) recent.add(titled(`phase ${n}`, n, 0));
  expect(recent.since(0)).toHaveLength(1_000);
  expect(recent.since(0)[0]).toMatchObject({ title: 'phase 500' });
});

test('of samples that say nothing new, one per second is kept', () => {
  const recent = new RecentEvents();
  for (let n = 0; n < 80; n += 1) recent.add(connections(n * 25, 2));
  recent.add(connections(2_010, 3));
  expect(recent.since(0).map((event) => event.at - T0)).toEqual([0, 1_000, 2_010]);
});

test('events that no chart shows are not kept', () => {
  const recent = new RecentEvents();
  recent.add({ type: 'stall', at: T0, ms: 5, of: 'lab' });
  expect(recent.since(0)).toEqual([]);
});
