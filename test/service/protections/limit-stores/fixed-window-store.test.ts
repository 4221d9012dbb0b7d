import { afterEach, expect, test, vi } from 'vitest';
import { millisecondsUntil } from '../../../../service/base/clock.ts';
import {
  type FixedWindowOptions,
  FixedWindowStore,
} from '../../../../service/protections/limit-stores/fixed-window-store.ts';

afterEach(() => {
  vi.useRealTimers();
});

function storeAt(start: number, windowMs = 60_000, options: FixedWindowOptions = {}) {
  let time = start;
  const store = new FixedWindowStore(windowMs, { now: () => time }, options);
  const hit = (key: string) => {
    const { totalHits, resetTime } = store.increment(key);
    return [totalHits, millisecondsUntil(resetTime)];
  };
  const hits = (keys: readonly string[]) => keys.map((key) => store.increment(key).totalHits);
  return { store, hit, hits, pass: (ms: number) => (time += ms) };
}

test("starts the window with the first hit, and doesn't extend it", () => {
  vi.useFakeTimers();
  const { hit, pass } = storeAt(1_000_000);
  expect(hit('a')).toEqual([1, 60_000]);
  pass(59_999);
  expect(hit('a')).toEqual([2, 1]);
  pass(1);
  expect(hit('a')).toEqual([1, 60_000]);
});

test.each([-3_600_000, 3_600_000])('a change of the wall clock by %i ms affects no window', (step) => {
  vi.useFakeTimers();
  const { hit, pass } = storeAt(1_000_000);
  hit('a');
  pass(10_000);
  vi.setSystemTime(Date.now() + step);
  expect(hit('a')).toEqual([2, 50_000]);
  pass(50_000);
  expect(hit('a')).toEqual([1, 60_000]);
});

const addresses = (count: number, network = '10.0') =>
  Array.from({ length: count }, (_, n) => `${network}.${n >> 8}.${n & 255}`);

test('when full, new clients share the counter of their network, and known clients keep theirs', () => {
  const { hits } = storeAt(0, 60_000, { clientsMax: 3 });
  expect(hits(addresses(3))).toEqual([1, 1, 1]);
  expect(hits(['10.0.9.1', '10.0.9.2', '10.0.9.1'])).toEqual([1, 2, 3]);
  expect(hits(['10.1.0.1', '10.0.0.0', '2001:db8:1::/64', '2001:db8:2::/64'])).toEqual([1, 2, 1, 2]);
});

test('when there is no room for more networks, all other clients share one counter', () => {
  const { hits } = storeAt(0, 60_000, { clientsMax: 2 });
  hits(['10.0.0.1', '10.0.0.2', '10.1.0.1', '10.2.0.1']);
  expect(hits(['10.3.0.1', '10.4.0.1', '10.5.0.1'])).toEqual([1, 2, 3]);
  expect(hits(['10.1.0.9', '10.0.0.1'])).toEqual([2, 2]);
});

test('a client counted with its network gets no window before that of the network ends', () => {
  const { store, hits, pass } = storeAt(0, 60_000, { clientsMax: 1 });
  hits(['10.0.0.1']);
  pass(30_000);
  hits(['10.0.0.2']);
  pass(30_000);
  expect(hits(['10.0.0.2'])).toEqual([2]);
  expect(store.get('10.0.0.2')?.totalHits).toBe(2);
  pass(30_000);
  expect(hits(['10.0.0.2', '10.0.0.1'])).toEqual([1, 1]);
});

test('reports hits that are counted for more than one client', () => {
  const onOverflow = vi.fn();
  const { hits } = storeAt(0, 60_000, { clientsMax: 10, onOverflow });
  hits(addresses(10));
  expect(onOverflow).not.toHaveBeenCalled();
  hits(addresses(25));
  expect(onOverflow).toHaveBeenCalledTimes(15);
});

test('makes room as windows end', () => {
  const { hits, pass } = storeAt(0, 1000, { clientsMax: 1000 });
  for (let round = 0; round < 5; round += 1) {
    expect(hits(addresses(1000, `10.${round}`)).every((total) => total === 1)).toBe(true);
    pass(1000);
  }
});

test('a window ends without sweeping', () => {
  const { store, pass } = storeAt(0);
  pass(10_000);
  store.increment('a');
  pass(55_000);
  store.increment('other');
  pass(5000);
  expect(store.increment('a').totalHits).toBe(1);
});

test('returns copies, which later hits do not change', () => {
  const { store } = storeAt(0);
  const first = store.increment('a');
  store.increment('a');
  expect(first.totalHits).toBe(1);
});

test('keeps windows that are longer than the maximum delay of a timer', () => {
  const year = 31_104_000_000;
  const { store, pass } = storeAt(0, year);
  store.increment('a');
  pass(year - 1);
  expect(store.increment('a').totalHits).toBe(2);
});

test('sweeping only deletes ended windows', () => {
  const { store, pass } = storeAt(0);
  store.increment('old');
  pass(40_000);
  store.increment('young');
  pass(20_000);
  store.increment('other');
  expect(store.get('old')).toBeUndefined();
  expect(store.get('young')?.totalHits).toBe(1);
});

test('takes hits back, and resets a client', () => {
  const { store } = storeAt(0);
  store.increment('a');
  store.decrement('a');
  expect(store.get('a')?.totalHits).toBe(0);
  store.increment('a');
  store.resetKey('a');
  expect(store.get('a')).toBeUndefined();
});
