import { expect, test } from 'vitest';
import { mutantIn } from '../fake-wire.ts';

test('the settings of a start are ignored, or weakened', () => {
  const ignore = (...all: Record<string, string>[]) => {
    const { settings } = mutantIn('unsafe-settings-ignored').hooks;
    return all.map((state) => settings?.(state));
  };
  expect(ignore({ KEY: 'long' }, { KEY: '' }, { KEY: '' })).toEqual([undefined, {}, undefined]);
  expect(ignore({ DEBUG: 'true' })).toEqual([{}]);
  const { settings: weaken } = mutantIn('strong-secret-weakened').hooks;
  expect([{ KEY: 'long' }, { KEY: '' }].map((settings) => weaken?.(settings))).toEqual([{ KEY: '' }, undefined]);
});
