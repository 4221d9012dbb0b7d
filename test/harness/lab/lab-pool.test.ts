import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Lab } from '../../../harness/lab/lab.ts';
import { LabPool } from '../../../harness/lab/lab-pool.ts';

const lab = (name: string) => ({ name }) as unknown as Lab;

/** Uses a lab for each of several scenarios, which end on request. Returns the labs in the order of their use. */
function using(pool: LabPool, count: number) {
  const used: unknown[] = [];
  const ends: (() => void)[] = [];
  const all = Array.from({ length: count }, () =>
    pool.use((current) => {
      used.push((current as unknown as { name: string }).name);
      return new Promise<void>((resolve) => ends.push(resolve));
    }),
  );
  return { used, ends, all };
}

test('starts another lab only if all others are in use', async () => {
  let added = 0;
  const pool = new LabPool([lab('a')], 1, async () => {
    added += 1;
    return lab('b');
  });
  expect(await pool.use(async () => added)).toBe(0);
  const { used, ends, all } = using(pool, 3);
  await setImmediate();
  expect(used).toEqual(['a', 'b']);
  ends[1]?.();
  await setImmediate();
  expect(used).toEqual(['a', 'b', 'b']);
  for (const end of ends) end();
  await Promise.all(all);
  expect(added).toBe(1);
});

test('does with the labs that there are if another one does not start', async () => {
  let calls = 0;
  const pool = new LabPool([lab('a')], 2, async () => {
    calls += 1;
    throw new Error('no memory');
  });
  const { used, ends, all } = using(pool, 3);
  for (let n = 0; n < 3; n += 1) {
    await setImmediate();
    ends[n]?.();
  }
  await Promise.all(all);
  expect([used, calls]).toEqual([['a', 'a', 'a'], 2]);
});

test('a lab is free again after a scenario that could not be run', async () => {
  const pool = new LabPool([lab('a')], 0, async () => lab('b'));
  await expect(pool.use(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await pool.use(async () => 'fine')).toBe('fine');
});
