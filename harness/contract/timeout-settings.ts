import type { Contract } from './contract.ts';
import { filledTexts } from './filled-texts.ts';
import { placeholdersIn, SETTING_PREFIX } from './placeholders.ts';
import { type PromisedTimeout, promisedTimeouts } from './promised-timeouts.ts';
import { registeredFaults } from './registered-faults.ts';

const NAME = /time_?out|deadline|patience/i;
const VALUE = /^(\d+(?:\.\d+)?) ?(ms|s)?$/;

/**
 * Returns the names of the settings that set one of these timeouts: those whose name says so, and whose value is its
 * number, in seconds or milliseconds.
 */
export const timeoutSettings = (
  settings: Readonly<Record<string, string>>,
  timeouts: readonly Pick<PromisedTimeout, 'seconds'>[],
): string[] =>
  Object.entries(settings)
    .filter(([name, value]) => NAME.test(name) && timeouts.some(({ seconds }) => isTime(value, seconds)))
    .map(([name]) => name);

function isTime(value: string, seconds: number): boolean {
  const [, amount, unit] = VALUE.exec(value) ?? [];
  if (amount === undefined) return false;
  return (unit !== 'ms' && Number(amount) === seconds) || (unit !== 's' && Number(amount) === seconds * 1_000);
}

/**
 * Returns the contract without the settings of all profiles that set a timeout which any profile promises. The service
 * then has its defaults, unless the profile itself sets them. Settings that a file contains remain.
 */
export function withoutTimeouts(contract: Contract): Contract {
  const known = registeredFaults();
  const timeouts = Object.values(contract.profiles).flatMap((numbers) => promisedTimeouts(contract, numbers, known));
  const texts = filledTexts(contract).flatMap(({ text }) => placeholdersIn(text));
  const set = timeoutSettings(contract.environment, timeouts);
  const left = Object.entries(contract.environment).filter(
    ([name]) => !set.includes(name) || texts.includes(`${SETTING_PREFIX}${name}`),
  );
  return { ...contract, environment: Object.fromEntries(left) };
}
