import { keyPrefix } from '../secrecy/find-leaks.ts';
import type { Contract, Numbers } from './contract.ts';
import { ENV_PREFIX, fillText } from './placeholders.ts';
import { type Authentication, keySettingOf } from './schema/authentication.ts';

/** A key, token or password, and the user that it belongs to, if known. */
export interface Credential {
  user?: string;
  key: string;
}

/** Maximum number of clients in a scenario. It is also the number of keys in `${keys}` and of users in `${users}`. */
export const MOST_CLIENTS = 250;

/** Kinds of authentication with a list of credentials in one of the service's settings. */
type Listed = Extract<Authentication, { kind: 'bearer' | 'api-key' | 'basic' | 'login' }> & { keySetting: string };

/** Whether the credentials are a list in one of the service's settings. */
export const isListed = (authentication: Authentication | undefined): authentication is Listed =>
  authentication?.kind !== 'bearer-jwt-hs256' && keySettingOf(authentication) !== undefined;

/**
 * Returns the values for the placeholders `${keys}` and `${users}`. Both have the same number of keys, and all keys
 * contain the same secret.
 */
export function generatedKeys(secret: string): { keys: string; users: string } {
  const numbers = Array.from({ length: MOST_CLIENTS }, (_, index) => index + 1);
  return {
    keys: numbers.map((number) => keyPrefix(number) + secret).join(','),
    users: numbers.map((number) => `user${number}:${keyPrefix(number)}${secret}`).join(','),
  };
}

/** Returns the part of a key that is secret. Generated keys share it. */
export const secretPartOf = (key: string): string => /^key\d+-([\da-f]{32})$/.exec(key)?.[1] ?? key;

/**
 * Returns the credentials in the setting that the contract names, in order, or the key for signing tokens.
 *
 * @param environment The settings that the service was started with.
 */
export function credentialsOf(
  authentication: Authentication | undefined,
  environment: Readonly<Record<string, string>>,
): Credential[] {
  const setting = keySettingOf(authentication);
  if (setting === undefined) return [];
  const value = environment[setting] ?? '';
  if (!isListed(authentication)) return [{ key: value }];
  const listed = value.split(/[\s,]+/).filter(Boolean);
  const { user } = authentication.kind === 'basic' ? authentication : {};
  if (user !== undefined) return listed.map((key) => ({ user, key }));
  if ('entries' in authentication && authentication.entries === 'key') return listed.map((key) => ({ key }));
  return listed.map((entry) => {
    const [name = '', ...key] = entry.split(':');
    return { user: name, key: key.join(':') };
  });
}

/**
 * Returns a service's settings as far as they are known before a lab starts, which is enough to count its credentials.
 * Variables from proofload's environment and generated keys are filled in, and other placeholders remain unchanged.
 */
export function settingsAhead({ environment }: Contract, numbers: Numbers): Record<string, string> {
  const generated: Record<string, string> = generatedKeys('');
  const valueFor = (name: string) =>
    name.startsWith(ENV_PREFIX) ? process.env[name.slice(ENV_PREFIX.length)] : generated[name];
  const settings = Object.entries({ ...environment, ...numbers.environment });
  return Object.fromEntries(settings.map(([name, text]) => [name, fillText(text, valueFor)]));
}
