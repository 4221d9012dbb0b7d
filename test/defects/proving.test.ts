import { expect, test } from 'vitest';
import { EXIT } from '../../harness/base/errors.ts';
import { proveAll } from './proving.ts';

const part = (line: string, code: number) => async () => ({ lines: [line], code });

test('the next part runs although a defect survived, and both are named at the end', async () => {
  const { signal } = new AbortController();
  const parts = [part('✖ bad-breaker survived', EXIT.fail), part('reference: 1 undecided', EXIT.inconclusive)];
  expect(await proveAll(parts, signal)).toEqual({
    lines: ['', '✖ bad-breaker survived', '', 'reference: 1 undecided'],
    code: EXIT.fail,
  });
});

test('nothing begins after Ctrl-C, which is said', async () => {
  const interrupted = new AbortController();
  const first = async () => {
    interrupted.abort('interrupted by SIGINT');
    return { lines: ['1 of 1 defects caught'], code: EXIT.pass };
  };
  const { lines, code } = await proveAll([first, part('never', EXIT.fail)], interrupted.signal);
  expect(lines).toEqual(['', '1 of 1 defects caught', 'not all were run: interrupted by SIGINT']);
  expect(code).toBe(EXIT.inconclusive);
});
