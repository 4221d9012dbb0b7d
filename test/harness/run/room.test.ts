import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Machine, type Needs, QUIET, Room } from '../../../harness/run/room.ts';

/** A machine whose processors are idle by this share. Each wait takes 100 ms. */
function machine(idle: number, bytes = 4e9): Machine & { idle: number; at: number } {
  const it = {
    idle,
    at: 0,
    memory: () => bytes,
    idleShare: () => it.idle,
    now: () => it.at,
    wait: async () => {
      await setImmediate();
      it.at += 100;
    },
  };
  return it;
}

/** Starts actions that end on request. Returns the names of those that have started. */
function several(room: Room, usual = 3, names = ['a', 'b', 'c'], needs?: Needs) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const all = names.map((name) =>
    room.run(
      usual,
      () => {
        started.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      },
      needs,
    ),
  );
  return { started, end: (name: string) => ends.get(name)?.(), all };
}

const aWhile = async (times = 10) => {
  for (let n = 0; n < times; n += 1) await setImmediate();
};

test('as many as usual start at once while processors are hardly idle', async () => {
  const { started } = several(new Room(machine(0.06)));
  await aWhile();
  expect(started).toEqual(['a', 'b', 'c']);
});

test('they run one after another while no processor is idle', async () => {
  const { started, end, all } = several(new Room(machine(0)));
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
  const busy = machine(0);
  const { started } = several(new Room(busy));
  await aWhile();
  busy.idle = 0.06;
  await aWhile();
  expect(started).toEqual(['a', 'b', 'c']);
});

test('more than usual start one by one, 0.4 s apart, while an eighth of the processor time is idle', async () => {
  const quiet = machine(0.5);
  const { started } = several(new Room(quiet), 1);
  await aWhile(3);
  expect([quiet.at < 400, started]).toEqual([true, ['a']]);
  await aWhile(5);
  expect(started).toEqual(['a', 'b']);
  quiet.idle = 0.12;
  await aWhile(20);
  expect(started).toEqual(['a', 'b']);
  quiet.idle = 0.125;
  await aWhile();
  expect(started).toEqual(['a', 'b', 'c']);
});

test('those that need more idle time start together while there is as much', async () => {
  const quiet = machine(0.45);
  const together = several(new Room(quiet), 2, ['a', 'b'], QUIET);
  await aWhile();
  expect([together.started, quiet.at]).toEqual([['a', 'b'], 0]);
  const { started } = several(new Room(machine(0.44)), 2, ['a', 'b'], QUIET);
  await aWhile();
  expect(started).toEqual(['a']);
});

test('a scenario that is just starting does not make the machine look busy', async () => {
  const quiet = machine(0.6);
  const room = new Room(quiet);
  room.run(2, () => new Promise(() => {}), QUIET);
  await setImmediate();
  quiet.idle = 0;
  quiet.at += 300;
  const { started } = several(room, 2, ['b'], QUIET);
  await setImmediate();
  expect(started).toEqual(['b']);
});

/** Starts two that need more idle time, 400 ms after another one has ended, while too little is idle. */
async function afterAnother() {
  const it = machine(0.3);
  const room = new Room(it);
  await room.run(2, async () => {});
  it.at += 400;
  return { it, started: several(room, 2, ['a', 'b'], QUIET).started };
}

test('after others have ended, the first that needs more idle time waits for it, but not for long', async () => {
  const { it: busy, started } = await afterAnother();
  await aWhile(2);
  expect([busy.at < 800, started]).toEqual([true, []]);
  await aWhile();
  expect(started).toEqual(['a']);
});

test('both start as soon as it is quiet after others have ended', async () => {
  const { it: quiet, started } = await afterAnother();
  await aWhile(1);
  quiet.idle = 0.45;
  await aWhile(2);
  expect([quiet.at < 800, started]).toEqual([true, ['a', 'b']]);
});

test('no more than usual start if there is too little memory', async () => {
  const { started } = several(new Room(machine(0.9, 1e9)), 2);
  await aWhile(30);
  expect(started).toEqual(['a', 'b']);
});

test('one that waits for more idle time starts as soon as fewer than usual run', async () => {
  const { started, end } = several(new Room(machine(0.1)), 2);
  await aWhile(30);
  expect(started).toEqual(['a', 'b']);
  end('a');
  await aWhile();
  expect(started).toEqual(['a', 'b', 'c']);
});

test('an action that fails leaves room for the next one', async () => {
  const room = new Room(machine(0));
  await expect(room.run(1, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await room.run(1, async () => 'fine')).toBe('fine');
});
