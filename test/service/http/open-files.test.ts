import { expect, test } from 'vitest';
import { capsThatFit, openFilesMax } from '../../../service/http/open-files.ts';

const caps = (filesMax: number, maxPerAddress: number | undefined = 2500) =>
  capsThatFit({ max: 10_000, maxPerAddress, filesMax, reserved: 160 });

test('keeps the configured limits if enough files can be opened', () => {
  expect(caps(20_000)).toEqual({ max: 10_000, maxPerAddress: 2500, warning: undefined });
  expect(caps(Number.POSITIVE_INFINITY).max).toBe(10_000);
});

test('with too few files, reserves some, gives one address a quarter, and warns', () => {
  expect(caps(256)).toMatchObject({ max: 96, maxPerAddress: 24, warning: expect.stringContaining('256 files') });
  expect(caps(100)).toMatchObject({ max: 16, maxPerAddress: 4 });
});

test('behind a proxy, there is no limit per address', () => {
  const { maxPerAddress } = capsThatFit({ max: 10_000, maxPerAddress: undefined, filesMax: 256, reserved: 160 });
  expect(maxPerAddress).toBeUndefined();
});

test('the process knows its limit', () => {
  expect(openFilesMax()).toBeGreaterThan(100);
});
