import { expect, test, vi } from 'vitest';
import { remember } from '../../../harness/callers/remember.ts';

test('a result is created once for each key, also by calls at the same time, and again after its time', async () => {
  let time = 0;
  const remembered = remember<string>(2, () => time);
  const create = vi.fn(async () => 'token');
  expect(await Promise.all([remembered('ada', create), remembered('ada', create)])).toEqual(['token', 'token']);
  await remembered('bob', create);
  expect(create).toHaveBeenCalledTimes(2);
  time = 2_000;
  await remembered('ada', create);
  expect(create).toHaveBeenCalledTimes(3);
});

test('an undefined result is not kept', async () => {
  const remembered = remember<string | undefined>(2, () => 0);
  expect(await remembered('ada', async () => undefined)).toBeUndefined();
  expect(await remembered('ada', async () => 'session')).toBe('session');
});
