import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fileBegins, fileEnds } from './alone.ts';
import { decided } from './measured-again.ts';

// Otherwise, these tests would wait for all others.
beforeAll(fileEnds);
afterAll(fileBegins);

const whyAgain = (result: string): string | undefined => (result.startsWith('?') ? result.slice(1) : undefined);

test('what decides something is measured once', async () => {
  const measure = vi.fn(async () => 'PASS');
  expect(await decided('it', measure, whyAgain)).toBe('PASS');
  expect(measure).toHaveBeenCalledTimes(1);
});

test('what decides nothing is measured once more, which is printed, and that counts', async () => {
  const print = vi.spyOn(console, 'log').mockReturnValue();
  const results = ['?busy', '?still busy', 'never'];
  expect(await decided('it', async () => results.shift() ?? '', whyAgain)).toBe('?still busy');
  expect(print.mock.calls).toEqual([['it is measured again, alone, because it is INCONCLUSIVE: busy']]);
});

test.concurrent.each([1, 2])('two tests of a file are alone one after the other: %d', async (number) => {
  const results = ['?an example', 'PASS'];
  let during = 0;
  const measure = async () => {
    if (results.length === 1) {
      atOnce += 1;
      during = atOnce;
      await new Promise((later) => setTimeout(later, 20 * number));
      atOnce -= 1;
    }
    return results.shift() ?? '';
  };
  expect(await decided(`example ${number} of this test`, measure, whyAgain)).toBe('PASS');
  expect(during).toBe(1);
});

let atOnce = 0;
