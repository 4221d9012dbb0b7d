import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, Option } from 'commander';
import { describeSetting, SETTINGS, type Setting, type SettingName } from '../base/settings.ts';

/** The project's root folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type FlagName = { [Name in SettingName]: (typeof SETTINGS)[Name] extends { flag: string } ? Name : never }[SettingName];

/** Creates the option for a setting, which can also be set through an environment variable. */
export function optionFor(name: FlagName): Option {
  const setting: Setting & { flag: string } = SETTINGS[name];
  const { flag, isOfMake, value, usual, choices } = setting;
  if (isOfMake) return new Option(flag, `${describeSetting(setting)} (make: ${name}=${value})`);
  const option = new Option(flag, describeSetting(setting)).env(name);
  if (usual !== undefined) option.default(usual);
  return choices ? option.choices(choices) : option;
}

export const resultsOption = (): Option =>
  optionFor('RESULTS')
    .default(resolve(SETTINGS.RESULTS.usual))
    .argParser((path) => resolve(notBlank('a folder')(path)));

export const keepOption = (): Option =>
  optionFor('KEEP').argParser((text) => {
    if (text === 'all') return Number.POSITIVE_INFINITY;
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 1) return value;
    throw new InvalidArgumentError('Allowed: a whole number from 1, or all.');
  });

export const jsonOption = (): Option => new Option('--json', 'print only JSON');

/**
 * Returns a parser that rejects blank values.
 *
 * @throws InvalidArgumentError with the allowed values
 */
export const notBlank =
  (allowed: string) =>
  (text: string): string => {
    if (text.trim() !== '') return text;
    throw new InvalidArgumentError(`It is empty; allowed: ${allowed}.`);
  };

/**
 * Returns a parser for whole numbers within bounds.
 *
 * @throws InvalidArgumentError with the allowed values
 */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Allowed: any whole number from ${least} to ${most}.`);
  };

/** @throws InvalidArgumentError if a text is not an HTTP URL */
export function httpUrl(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InvalidArgumentError('Allowed: a URL such as http://127.0.0.1:4318.');
}
