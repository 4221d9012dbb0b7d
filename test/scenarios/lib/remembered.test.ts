import { expect, test } from 'vitest';
import { remembered } from '../../../scenarios/lib/remembered.ts';

test('reads a text again if it or anything else differs from the last time', () => {
  const reads: string[] = [];
  const length = remembered((text, endpoint: string, status: string) => {
    reads.push(`${endpoint} ${status} ${text}`);
    return text.length;
  });
  const lengths = [
    length('same', 'docs', '200'),
    length('same', 'docs', '200'),
    length('same', 'docs', '500'),
    length('same', 'health', '200'),
    length('other', 'docs', '200'),
    length('same', 'docs', '200'),
    length('same', 'docs', '500'),
  ];
  expect(lengths).toEqual([4, 4, 4, 4, 5, 4, 4]);
  expect(reads).toEqual(['docs 200 same', 'docs 500 same', 'health 200 same', 'docs 200 other', 'docs 200 same']);
});
