import { expect, test } from 'vitest';
import { parseHead } from '../../../engine/net/response-head.ts';

test.each([
  ['the same name', () => 'x-a'],
  ['different names', (index: number) => `x-${index}`],
])('a hundred thousand headers of %s are read in a short time', (_, nameOf) => {
  const lines = Array.from({ length: 100_000 }, (_line, index) => `${nameOf(index)}: ${index}`);
  const began = process.cpuUsage();
  const head = parseHead(['HTTP/1.1 200 OK', ...lines, 'content-length: 0'].join('\r\n'));
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(5);
  const read = Object.values(head?.headers ?? {}).flat();
  expect(read).toHaveLength(100_001);
  expect(read.slice(1, 3)).toEqual(['1', '2']);
});
