import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createAlarm } from '../../../engine/executors/alarm.ts';

test('an alarm is never early, and usually more precise than a timer', async () => {
  const alarm = await createAlarm();
  const late: number[] = [];
  for (let ring = 0; ring < 200; ring += 1) {
    const due = performance.now() + 0.7;
    await new Promise<void>((resolve) => alarm.set(0.7, resolve));
    late.push(performance.now() - due);
  }
  alarm.stop();
  late.sort((a, b) => a - b);
  expect(late[0]).toBeGreaterThanOrEqual(0);
  // Node's timers fire after 1 ms at the earliest.
  expect(late[50]).toBeLessThan(0.3);
});

test("a stopped alarm doesn't ring", async () => {
  let rung = 0;
  const alarm = await createAlarm();
  alarm.set(30, () => {
    rung += 1;
  });
  // By now, the thread is asleep.
  await pause(10);
  alarm.stop();
  await pause(60);
  expect(rung).toBe(0);
});
