import { expect, test } from 'vitest';
import { pause } from '../../../harness/base/clock.ts';
import { describeNoise, measureNoiseFloor } from '../../../harness/machine/noise-floor.ts';
import { REAL_TIME } from '../../support/real-time.ts';

test('measures the maximum delay of timers and the maximum duration of a request', async () => {
  let calls = 0;
  const noise = await measureNoiseFloor(async () => {
    calls += 1;
    if (calls === 10) await pause(60);
    // Nothing else runs in this process in the meantime, so the next timer is late.
    if (calls === 20) setTimeout(() => busyFor(90), 1);
  });
  expect(noise.loopbackMs).toBeGreaterThanOrEqual(59);
  expect(noise.timerLateMs).toBeGreaterThanOrEqual(80);
  expect(noise.stolenShare).toBeGreaterThanOrEqual(0);
  expect(calls).toBe(41);
});

test('the first request, which has to connect, is not measured', REAL_TIME, async () => {
  let first = true;
  const noise = await measureNoiseFloor(async () => {
    if (first) await pause(1_500);
    first = false;
  });
  expect(noise.loopbackMs).toBeLessThan(1_400);
});

test('describes the noise as text', () => {
  expect(describeNoise({ timerLateMs: 1.26, loopbackMs: 12, stolenShare: 0.031 })).toBe(
    'timers up to 1.3 ms late, a loopback request up to 12.0 ms, 3 % of the processors stolen',
  );
});

function busyFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
