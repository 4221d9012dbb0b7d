import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeSetting, SETTINGS, type Setting } from '../../../harness/base/settings.ts';
import { COMMANDS, distribute } from '../../../harness/commands/declarations.ts';

const options = COMMANDS.flatMap((create) => create().options);
const settings: readonly (readonly [string, Setting])[] = Object.entries(SETTINGS);

test.each(settings.filter(([, { flag }]) => flag !== undefined))(
  '%s is an option as it is declared',
  (name, setting) => {
    const declared = options.filter(({ flags }) => flags === setting.flag);
    const descriptions = new Set(declared.map(({ description }) => description));
    expect([...descriptions]).toEqual([expect.stringContaining(describeSetting(setting))]);
    const variables = new Set(declared.map(({ envVar }) => envVar));
    expect([...variables]).toEqual([setting.isOfMake ? undefined : name]);
  },
);

test('each variable that an option reads is declared as a setting, except for those of `distribute`', () => {
  const variables = new Set(options.flatMap(({ envVar }) => envVar ?? []));
  const own = new Set(distribute().options.flatMap(({ envVar }) => envVar ?? []));
  expect([...variables.difference(own).difference(new Set(Object.keys(SETTINGS)))]).toEqual([]);
  expect(variables).toContain('PROFILE');
});

test('the action has the defaults of the settings', async () => {
  const { inputs } = parse(await readFile('action.yml', 'utf8'));
  const shared = settings.filter(([name, { usual }]) => usual !== undefined && name.toLowerCase() in inputs);
  expect(shared.map(([name]) => name)).toEqual(expect.arrayContaining(['PROFILE', 'ROUNDS', 'RESULTS']));
  for (const [name, { usual }] of shared) expect(inputs[name.toLowerCase()].default, name).toBe(String(usual));
});
