import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Room } from '../../../harness/run/room.ts';

/** Starts three actions that end on request. Returns the names of those that have started. */
function threeIn(room: Room) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const all = ['a', 'b', 'c'].map((name) =>
    room.run(() => {
      started.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    }),
  );
  return { started, end: (name: string) => ends.get(name)?.(), all };
}

const aWhile = async () => {
  for (let n = 0; n < 10; n += 1) await setImmediate();
};

test('all start at once while processors are idle', async () => {
  const { started } = threeIn(new Room(() => 0.5, setImmediate));
  await aWhile();
  expect(started).toEqual(['a', 'b', 'c']);
});

test('they run one after another while no processor is idle', async () => {
  const { started, end, all } = threeIn(new Room(() => 0, setImmediate));
  await aWhile();
  expect(started).toEqual(['a']);
  end('a');
  await aWhile();
  expect(started).toEqual(['a', 'b']);
  end('b');
  await aWhile();
  end('c');
  await Promise.all(all);
  expect(started).toEqual(['a', 'b', 'c']);
});

test('another one starts as soon as a processor is idle', async () => {
  let idle = 0;
  const { started } = threeIn(new Room(() => idle, setImmediate));
  await aWhile();
  idle = 0.06;
  await aWhile();
  expect(started).toEqual(['a', 'b', 'c']);
});

test('an action that fails leaves room for the next one', async () => {
  const room = new Room(() => 0, setImmediate);
  await expect(room.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await room.run(async () => 'fine')).toBe('fine');
});
