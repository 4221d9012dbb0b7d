import { z } from 'zod';
import { isShort, secrets } from '../base/secrets.ts';
import { type Contract, promises } from './contract.ts';
import { credentialsOf } from './credentials.ts';
import { filledTexts, requestTexts } from './filled-texts.ts';
import { ENV_PREFIX, fillText, placeholdersIn, variablesIn } from './placeholders.ts';
import { keySettingOf } from './schema/authentication.ts';

/** Matches the names of settings whose values are secret even if the contract contains them in plain text. */
const SECRET_NAME = /KEY|SECRET|TOKEN|PASS|PWD|CREDENTIAL|PRIVATE|AUTH/i;
export const SWITCH_OR_NUMBER = /^(true|false|\d+)$/i;

/**
 * Hides a service's secret settings in all output: all values that the contract takes from proofload's environment, and
 * all settings whose name indicates a secret. A value that also occurs in the part of the contract that is judged, such
 * as a rejection's text, is not hidden, because this part is stored in every history and checks compare the output with
 * it.
 */
export function hideSettings(contract: Contract, environment: NodeJS.ProcessEnv = process.env): void {
  const isStated = statedIn(contract);
  const hide = (value: string | undefined, names: readonly string[]) => {
    if (value !== undefined && (isShort(value) || !isStated(value))) secrets.hide(value, names, isStated);
  };
  // It is not yet known which conditions and profile a scenario will use.
  for (const { path, text } of [...filledTexts(contract), ...requestTexts(contract)]) {
    const setting = nameOf(path);
    const names = setting === undefined ? [] : [setting];
    const placed = placeholdersIn(text);
    const variables = variablesIn(text);
    for (const variable of variables) hide(environment[variable], [...names, variable]);
    if (variables.length < placed.length) continue;
    const value = fillText(text, (name) => environment[name.slice(ENV_PREFIX.length)] ?? '');
    const isSecret = SECRET_NAME.test(setting ?? '') && !SWITCH_OR_NUMBER.test(value);
    if (isSecret && placed.length === 0) hide(value, names);
    if (setting !== undefined && setting === keySettingOf(contract.authentication)) {
      for (const secret of secretsOfCallers(contract, setting, value)) hide(secret, names);
    }
  }
}

/** The parts of a contract with texts that are not the value of a setting. */
const WITHOUT_SETTINGS: readonly unknown[] = ['start', 'database', 'files'];

/** Returns the name of a setting or a header, or undefined for other texts. */
export const nameOf = (path: readonly PropertyKey[]): string | undefined =>
  WITHOUT_SETTINGS.includes(path[0]) || (path[0] === 'endpoints' && path.slice(2).at(-2) !== 'headers')
    ? undefined
    : String(path.at(-1));

/** Returns each key in a list, and the form in which Basic authentication sends it. The lab hides generated keys. */
function secretsOfCallers({ authentication }: Contract, setting: string, text: string): string[] {
  return credentialsOf(authentication, { [setting]: text }).flatMap(({ user = '', key }) => [
    key,
    Buffer.from(`${user}:${key}`).toString('base64'),
  ]);
}

/** Returns a function that tests whether a value occurs in the part of the contract that is judged. */
export function statedIn(contract: Contract) {
  const { conditions, profiles } = contract;
  const numbers = Object.entries(profiles).map(([name, { environment: _, ...judged }]) => [name, judged]);
  const judged = JSON.stringify([
    z.object(promises.shape).parse(contract, { jitless: true }),
    Object.keys(conditions),
    numbers,
  ]);
  return (value: string): boolean => judged.includes(JSON.stringify(value).slice(1, -1));
}
