import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Turns } from './turns.ts';
import serveTurns from './turns-server.ts';

/** Notes when a promise is fulfilled. */
function noting(notes: string[], name: string, promise: Promise<unknown>): void {
  void promise.then(() => notes.push(name));
}

/** Lets all promises go on that can. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('a file is alone when the others have ended or wait for the same, and new ones begin after it', async () => {
  const turns = new Turns();
  const [first, second, third] = [await turns.enter(), await turns.enter(), await turns.enter()];
  const notes: string[] = [];
  turns.wait(first, () => notes.push('first alone'));
  turns.wait(second, () => notes.push('second alone'));
  await settle();
  expect(notes).toEqual([]);
  turns.leave(third);
  await settle();
  expect(notes).toEqual(['first alone']);
  noting(notes, 'fourth enters', turns.enter());
  await settle();
  expect(notes).toEqual(['first alone']);
  turns.work(first);
  await settle();
  expect(notes).toEqual(['first alone', 'fourth enters']);
});

test('a file that has to work again is not alone, until it waits once more', async () => {
  const turns = new Turns();
  const [first, second] = [await turns.enter(), await turns.enter()];
  const begin = vi.fn();
  turns.wait(first, begin);
  turns.work(first);
  turns.leave(second);
  expect(begin).not.toHaveBeenCalled();
  turns.wait(first, begin);
  expect(begin).toHaveBeenCalledTimes(1);
});

test('a file that ends while it is alone, or waits for that, holds up nobody', async () => {
  const turns = new Turns();
  const [first, second] = [await turns.enter(), await turns.enter()];
  const notes: string[] = [];
  turns.wait(first, () => notes.push('first alone'));
  turns.wait(second, () => notes.push('second alone'));
  await settle();
  turns.leave(second);
  noting(notes, 'third enters', turns.enter());
  turns.leave(first);
  await settle();
  expect(notes).toEqual(['first alone', 'third enters']);
});

test('processes get their turns by connections, and leave when these end', async () => {
  vi.stubEnv('TEST_TURNS', undefined);
  const stop = await serveTurns();
  onTestFinished(() => stop?.());
  expect(await serveTurns(), 'the next project uses the same').toBeUndefined();
  const enter = async () => {
    const socket = connect(Number(process.env.TEST_TURNS), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'data');
    return socket;
  };
  const [first, second] = [await enter(), await enter()];
  const notes: string[] = [];
  first.on('data', (number) => notes.push(String(number).trim()));
  first.write('7\nwork\n8\n');
  // The server has read this when it has let another one in.
  const third = await enter();
  expect(notes).toEqual([]);
  for (const other of [second, third]) other.destroy();
  await expect.poll(() => notes).toEqual(['8']);
  const fourth = enter().then(() => notes.push('fourth'));
  first.write('work\n');
  await fourth;
  expect(notes).toEqual(['8', 'fourth']);
});
