import { describe, expect, test } from 'vitest';
import { Jobs } from '../../../engine/blocking/jobs.ts';
import { EventLoop, type Outcome } from '../../../engine/vu/event-loop.ts';
import { createTimers } from '../../../engine/vu/timers.ts';

const setUp = () => {
  const loop = new EventLoop();
  const jobs = new Jobs(
    () => {
      throw new Error('nothing here waits');
    },
    () => {},
  );
  const warnings: string[] = [];
  const logger = { log: (_: string, message: string) => void warnings.push(message) };
  return { loop, timers: createTimers(loop, jobs, logger, () => undefined), warnings };
};

const run = (loop: EventLoop, action: () => unknown) =>
  new Promise<Outcome>((resolve) => {
    loop.run((waiter) => {
      try {
        waiter.onValue(action());
      } catch (error) {
        waiter.onError(error);
      }
    }, resolve);
  });

describe('a function in a VU', () => {
  test('lasts until its last timer and returns its result', async () => {
    const { loop, timers } = setUp();
    const said: string[] = [];
    const outcome = await run(loop, async () => {
      timers.setTimeout(() => said.push('later'), 20);
      timers.setTimeout(() => timers.setTimeout(() => said.push('nested'), 10), 20);
      return 'returned';
    });
    expect(outcome).toEqual({ kind: 'done', value: 'returned' });
    expect(said).toEqual(['later', 'nested']);
  });

  test('ends when nothing can settle its promise any more', async () => {
    expect(await run(setUp().loop, () => new Promise(() => {}))).toMatchObject({ kind: 'done' });
  });

  test('ends immediately with an exception from itself, a promise or a timer, and cancels its other timers', async () => {
    const { loop, timers, warnings } = setUp();
    const said: string[] = [];
    const later = () => timers.setTimeout(() => said.push('too late'), 15);
    const thrown = (message: string) => () => {
      later();
      throw new Error(message);
    };
    expect(await run(loop, thrown('sync'))).toMatchObject({ kind: 'threw', inPromise: false });
    expect(await run(loop, async () => thrown('async')())).toMatchObject({ kind: 'threw', inPromise: true });
    expect(await run(loop, () => void timers.setTimeout(thrown('timer'), 1))).toMatchObject({
      kind: 'threw',
      inPromise: false,
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(said).toEqual([]);
    // The third one is the timer that throws.
    expect(warnings).toEqual(
      [1, 2, 4].map((id) => `setTimeout ${id} was stopped because the VU iteration was interrupted`),
    );
  });

  test('can be interrupted, and cancels its holds once', async () => {
    const { loop } = setUp();
    let count = 0;
    const running = run(loop, () => {
      loop.hold(() => {
        count += 1;
      });
    });
    loop.interrupt();
    loop.interrupt();
    expect(await running).toEqual({ kind: 'interrupted' });
    expect(count).toBe(1);
    expect(loop.isRunning).toBe(false);
  });
});

describe('timers', () => {
  test('never fire early', async () => {
    const { loop, timers } = setUp();
    const late: number[] = [];
    await run(loop, () => {
      for (let count = 0; count < 200; count += 1) {
        const ms = 10 + count / 10;
        const due = performance.now() + ms;
        timers.setTimeout(() => late.push(performance.now() - due), ms);
      }
    });
    expect(late).toHaveLength(200);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  });

  test('repeat until they are cleared, and can be cleared twice', async () => {
    const { loop, timers } = setUp();
    let ticks = 0;
    await run(loop, () => {
      const id = timers.setInterval(() => {
        ticks += 1;
        if (ticks < 3) return;
        timers.clearInterval(id);
        timers.clearInterval(id);
      }, 2);
    });
    expect(ticks).toBe(3);
  });
});
