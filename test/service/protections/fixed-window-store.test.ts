import { expect, test } from 'vitest';
import { FixedWindowStore } from '../../../service/protections/fixed-window-store.ts';

function storeAt(start: number, windowMs = 60_000) {
  let time = start;
  const store = new FixedWindowStore(windowMs, { now: () => time });
  return { store, pass: (ms: number) => (time += ms) };
}

test('starts the window with the first hit, and keeps its end', () => {
  const { store, pass } = storeAt(1_000_000);
  expect(store.increment('a')).toEqual({ totalHits: 1, resetTime: new Date(1_060_000) });
  pass(59_999);
  expect(store.increment('a')).toEqual({ totalHits: 2, resetTime: new Date(1_060_000) });
  pass(1);
  expect(store.increment('a')).toEqual({ totalHits: 1, resetTime: new Date(1_120_000) });
});

test('ends a window by itself, not by sweeping', () => {
  const { store, pass } = storeAt(0);
  pass(10_000);
  store.increment('a');
  pass(55_000);
  store.increment('other');
  pass(5000);
  expect(store.increment('a').totalHits).toBe(1);
});

test('counts each client for itself', () => {
  const { store } = storeAt(0);
  store.increment('a');
  expect(store.increment('b').totalHits).toBe(1);
  expect(store.increment('a').totalHits).toBe(2);
});

test('hands out copies: a later hit does not change an earlier answer', () => {
  const { store } = storeAt(0);
  const first = store.increment('a');
  store.increment('a');
  expect(first.totalHits).toBe(1);
});

test('keeps a window longer than a timer can', () => {
  const year = 31_104_000_000;
  const { store, pass } = storeAt(0, year);
  store.increment('a');
  pass(year - 1);
  expect(store.increment('a').totalHits).toBe(2);
});

test('sweeping forgets ended windows only', () => {
  const { store, pass } = storeAt(0);
  store.increment('old');
  pass(40_000);
  store.increment('young');
  pass(20_000);
  store.increment('other');
  expect(store.get('old')).toBeUndefined();
  expect(store.get('young')?.totalHits).toBe(1);
});

test('takes hits back, and forgets a client', () => {
  const { store } = storeAt(0);
  store.increment('a');
  store.decrement('a');
  expect(store.get('a')?.totalHits).toBe(0);
  store.increment('a');
  store.resetKey('a');
  expect(store.get('a')).toBeUndefined();
});
