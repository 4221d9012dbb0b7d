import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { passwordsIn, searchForms } from '../../base/secret-forms.ts';
import type { Contract } from '../../contract/contract.ts';
import { credentialsOf, secretPartOf } from '../../contract/credentials.ts';
import { filledTexts, requestTexts } from '../../contract/filled-texts.ts';
import { placeholdersIn, variablesIn } from '../../contract/placeholders.ts';
import { keySettingOf } from '../../contract/schema/authentication.ts';
import { nameOf, SWITCH_OR_NUMBER, statedIn } from '../../contract/secret-settings.ts';
import type { LeakTargets } from '../../secrecy/find-leaks.ts';
import type { Launch } from './launch.ts';

/** The values to search for in a service's output, and the names of secrets that can't be searched for. */
export interface KnownSecrets extends LeakTargets {
  readonly unsearched: readonly string[];
}

/**
 * Names that end with a word for a secret. Others, such as AUTH_MODE or KEY_PREFIX, are hidden in output as well, but
 * their values may be shown.
 */
const SECRET_NAME = /(?:KEY|SECRET|TOKEN|PASS|PASSWORD|PASSWD|PASSPHRASE|PWD|CREDENTIAL|AUTHORIZATION)S?$/i;
const PUBLIC_NAME = /PUBLIC|PARTITION|SORT|CACHE|PRIMARY|FOREIGN/i;

/** Shorter values, and plain words, also occur in unrelated text. */
const LEAST_CHARACTERS = 8;
const PLAIN_WORD = /^[a-z]+$/i;

const SCHEME = /^(?:Bearer|Basic|Token) +/i;

/**
 * Returns the secrets that a service process knows, and the folders that its responses must not show.
 *
 * @param launch How the process is started. The settings contain the lab's values.
 * @param secret The lab's strong key (`${secret}`).
 * @param folder The process's own folder.
 */
export function knownSecrets(
  contract: Contract,
  launch: Launch,
  { secret, folder }: { secret: string; folder: string },
): KnownSecrets {
  const isStated = statedIn(contract);
  const named: [name: string, value: string][] = [
    ...ofSettings(contract, launch.environment, secret),
    ...ofTexts(contract, secret),
  ];
  const [found, unsearched] = [new Map<string, string>(), new Set<string>()];
  for (const [name, value] of named) {
    if (isStated(value)) continue;
    if (value.length < LEAST_CHARACTERS || PLAIN_WORD.test(value)) unsearched.add(name);
    else if (!found.has(value)) found.set(value, name);
  }
  return {
    secrets: [...found].map(([value, name]) => ({ name, forms: [...new Set(linesOf(value).flatMap(searchForms))] })),
    folders: foldersOf(launch, folder),
    unsearched: [...unsearched],
  };
}

function ofSettings(
  { authentication }: Contract,
  environment: Readonly<Record<string, string>>,
  secret: string,
): [string, string][] {
  const keySetting = keySettingOf(authentication) ?? '';
  return Object.entries(environment).flatMap(([name, value]) => {
    if (name === keySetting)
      return credentialsOf(authentication, environment).map(({ key }) => [name, secretPartOf(key)]);
    if (value.includes(secret)) return [[name, secret]];
    const passwords = passwordsIn(value).map((password): [string, string] => [name, password]);
    return isSecret(name, value) ? [...passwords, [name, value.replace(SCHEME, '')]] : passwords;
  });
}

const isSecret = (name: string, value: string): boolean =>
  SECRET_NAME.test(name) && !PUBLIC_NAME.test(name) && !isHarmless(value);

/** Whether a value is a switch, a number, an address or a file. */
const isHarmless = (value: string): boolean =>
  SWITCH_OR_NUMBER.test(value) || value.includes('://') || (isAbsolute(value) && existsSync(value));

/** Returns variables of proofload's environment, fixed values and the lab's key, if requests and files contain them. */
function ofTexts(contract: Contract, secret: string): [string, string][] {
  const texts = [...filledTexts(contract), ...requestTexts(contract)];
  return texts.flatMap(({ path, text }) => {
    const setting = nameOf(path) ?? '';
    const placed = placeholdersIn(text);
    const known = variablesIn(text).flatMap((name): [string, string][] => {
      const value = process.env[name] ?? '';
      return isSecret(name, value) || isSecret(setting, value) ? [[name, value]] : [];
    });
    if (setting === '' && placed.includes('secret')) known.push(['secret', secret]);
    // The names of fields are listed as well.
    const isFixed = path[0] === 'endpoints' && placed.length === 0 && text !== setting && isSecret(setting, text);
    return isFixed ? [...known, [setting, text.replace(SCHEME, '')]] : known;
  });
}

/** Returns the lines of a key that spans several lines, except those that all keys have. */
function linesOf(value: string): string[] {
  const lines = value.split(/\r?\n/);
  return lines.length === 1 ? lines : lines.filter((line) => line.length >= 16 && !line.startsWith('-----'));
}

/** Folders of the system, whose paths are no secret. */
const OF_SYSTEM = /^\/(?:usr|bin|opt|nix)\b/;

/**
 * Returns the folders in which the process, its program and its files are. Short paths, such as /app, may be paths of
 * the service's API.
 */
function foldersOf({ command, environment: { HOME = '' }, cwd = process.cwd() }: Launch, folder: string) {
  const programs = command.filter((word) => isAbsolute(word) && existsSync(word)).map((word) => dirname(word));
  return [...new Set([folder, cwd, resolve(HOME), ...programs])].filter(
    (path) => path.split('/').filter(Boolean).length >= 2 && path.length >= LEAST_CHARACTERS && !OF_SYSTEM.test(path),
  );
}
