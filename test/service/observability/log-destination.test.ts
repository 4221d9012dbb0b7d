import { expect, test } from 'vitest';
import { LogDestination } from '../../../service/observability/log-destination.ts';
import type { WriteChunk } from '../../../service/observability/non-blocking-output.ts';

/** An output that the test can make accept, reject or hold data. */
function output() {
  const held: (() => void)[] = [];
  const state = {
    mode: 'takes' as 'takes' | 'holds' | NodeJS.ErrnoException['code'],
    written: '',
    halves: 0,
    fullAfterHalf: false,
  };
  const write: WriteChunk = (chunk, done) =>
    queueMicrotask(() => {
      const { mode } = state;
      if (mode === 'holds') held.push(() => write(chunk, done));
      else if (mode !== 'takes') done(Object.assign(new Error(mode), { code: mode }));
      else {
        const length = state.halves-- > 0 ? chunk.length >> 1 : chunk.length;
        state.written += chunk.subarray(0, length);
        if (state.fullAfterHalf) state.mode = 'ENOSPC';
        done(null, length);
      }
    });
  const log = new LogDestination(write);
  const take = () => {
    state.mode = 'takes';
    for (const write of held.splice(0)) write();
    return log.flush(1000);
  };
  return { log, state, take };
}

test('writes lines in order, even after partial writes', async () => {
  const { log, state } = output();
  state.halves = 3;
  const lines = Array.from({ length: 1000 }, (_, n) => `line ${n} ${'x'.repeat(200)}\n`);
  for (const line of lines) log.write(line);
  await log.flush(1000);
  expect(state.written).toBe(lines.join(''));
  expect(log.lost).toBe(0);
});

test.each(['ENOSPC', 'EPIPE', 'EIO'])('counts lines that fail with %s, and writes later ones', async (code) => {
  const { log, state, take } = output();
  const counts: number[] = [];
  log.onRecovery = (lines) => counts.push(lines);
  state.mode = code;
  for (let n = 0; n < 5; n += 1) log.write(`${n}\n`);
  await log.flush(1000);
  expect(log.lost).toBe(5);
  await take();
  log.write('later\n');
  await log.flush(1000);
  expect([state.written, counts]).toEqual(['later\n', [5]]);
});

test('limits the buffer of a blocked output, and reports lost lines after recovery', async () => {
  const { log, state, take } = output();
  const counts: number[] = [];
  log.onRecovery = (lines) => counts.push(lines);
  state.mode = 'holds';
  const line = `${'x'.repeat(1023)}\n`;
  for (let n = 0; n < 3000; n += 1) log.write(line);
  // One chunk is being written, in addition to the mebibyte in the buffer.
  expect(log.lost).toBeGreaterThan(3000 - 1024 - 65);
  const { lost } = log;
  await take();
  expect(state.written.length).toBe((3000 - lost) * 1024);
  expect(counts).toEqual([lost]);
});

test('a temporarily blocked terminal loses nothing', async () => {
  const { log, state } = output();
  state.mode = 'EAGAIN';
  log.write('held\n');
  await log.flush(50);
  expect(state.written).toBe('');
  state.mode = 'takes';
  await log.flush(1000);
  expect([state.written, log.lost]).toEqual(['held\n', 0]);
});

test('a partly written line does not corrupt the next one', async () => {
  const { log, state, take } = output();
  state.halves = 1;
  state.fullAfterHalf = true;
  log.write('0123456789\n');
  await log.flush(1000);
  expect(log.lost).toBe(1);
  state.fullAfterHalf = false;
  await take();
  log.write('next\n');
  await log.flush(1000);
  expect(state.written).toBe('01234\nnext\n');
});

test('flush waits for a blocked output only up to its limit', async () => {
  const { log, state } = output();
  state.mode = 'holds';
  log.write('held\n');
  const began = performance.now();
  await log.flush(50);
  expect(performance.now() - began).toBeGreaterThanOrEqual(49);
});
