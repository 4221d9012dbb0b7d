import type { Credential } from '../../../harness/contract/credentials.ts';
import type { ScriptAuthentication } from '../../../harness/contract/script-context.ts';
import type { Added } from './compose-request.ts';

/** Functions that k6 and Node offer in different ways. */
export interface Means {
  /** Encodes a text in Base64: padded, or for URLs and without padding. */
  base64: (text: string, alphabet: 'std' | 'rawurl') => string;
  /** Returns the HMAC-SHA256 of a text in Base64 for URLs. */
  hmac: (key: string, text: string) => string;
}

/** Who sends a request: the user, and the credential of that user. */
export interface Caller {
  user?: string | undefined;
  credential?: Credential | undefined;
}

const NOTHING: Added = { headers: {}, query: {} };

/** Seconds since an expired token expired: more than the clock difference that a service may tolerate. */
const EXPIRED_SINCE = 3_600;

/**
 * Returns the caller of a request.
 *
 * @param user The user that the endpoint names, if it does.
 * @param index The index of the credential to use if the endpoint names no user.
 * @throws Error if the setting has no credential of that user.
 */
export function callerOf(
  { credentials, ...authentication }: ScriptAuthentication,
  user: string | undefined,
  index: number,
): Caller {
  const isOfUsers = credentials.some((one) => one.user !== undefined);
  if (!isOfUsers || user === undefined) {
    const credential = credentials[index % credentials.length];
    return { user: credential?.user ?? user, credential };
  }
  const credential = credentials.find((one) => one.user === user);
  if (credential) return { user, credential };
  throw new Error(`${authentication.keySetting} has no user "${user}"`);
}

/**
 * Returns the headers and the parameters of the query that authenticate a request.
 *
 * @param worthless The kind of invalid credentials (harness/contract/worthless.ts). Default: valid ones.
 */
export function authorize(
  authentication: ScriptAuthentication,
  { user = '', credential: { key } = { key: '' } }: Caller,
  means: Means,
  worthless?: string,
): Added {
  if (worthless?.startsWith('no ') && worthless !== 'no signature') return NOTHING;
  const sent = worthless === undefined || worthless === 'unknown user' ? key : `not-${key}`;
  switch (authentication.kind) {
    case 'bearer':
      return inHeader('Authorization', `Bearer ${sent}`);
    case 'api-key':
      return authentication.query === undefined
        ? inHeader(authentication.header ?? '', sent)
        : { headers: {}, query: { [authentication.query]: sent } };
    case 'basic':
      return inHeader(
        'Authorization',
        `Basic ${means.base64(`${worthless === 'unknown user' ? `not-${user}` : user}:${sent}`, 'std')}`,
      );
    case 'bearer-jwt-hs256':
      return inHeader('Authorization', `Bearer ${signed(user, key, authentication.validSeconds, means, worthless)}`);
  }
}

const inHeader = (name: string, value: string): Added => ({ headers: { [name]: value }, query: {} });

function signed(user: string, key: string, validSeconds: number, { base64, hmac }: Means, worthless?: string): string {
  const encode = (part: object) => base64(JSON.stringify(part), 'rawurl');
  const issued = Math.floor(Date.now() / 1_000) - (worthless === 'expired' ? validSeconds + EXPIRED_SINCE : 0);
  const header = encode({ alg: worthless === 'no signature' ? 'none' : 'HS256', typ: 'JWT' });
  const claims = encode({ sub: user, iat: issued, exp: issued + validSeconds });
  const content = `${header}.${claims}`;
  if (worthless === 'no signature') return `${content}.`;
  return `${content}.${hmac(worthless === 'another key' ? `not ${key}` : key, content)}`;
}
