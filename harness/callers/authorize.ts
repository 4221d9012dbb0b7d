import type { Credential } from '../contract/credentials.ts';
import type { ScriptAuthentication } from '../contract/script-context.ts';
import type { Added } from './compose-request.ts';
import { type SignJwt, signWithSecret } from './sign-with-secret.ts';

/** The functions needed to authenticate a caller's requests. k6 and Node implement them differently. */
export interface Means extends SignJwt {
  /** Returns a JWT that the lab issues to a user. `flaw` is the kind of invalid credentials. */
  token: (user: string, flaw?: string) => Promise<string>;
  /** Returns the cookie or token that the service issues to a user, or undefined if it issues none. */
  logIn: (caller: Caller) => Promise<string | undefined>;
}

/** Who sends a request: the user and the user's credential. */
export interface Caller {
  user?: string | undefined;
  credential?: Credential | undefined;
}

const NOTHING: Added = { headers: {}, query: {} };

/**
 * Returns the caller for a request.
 *
 * @param user The user that the endpoint names, if any.
 * @param index Which credential to use if the endpoint doesn't name a user.
 * @throws Error if the setting has no credential for that user
 */
export function callerOf(
  { credentials, ...authentication }: ScriptAuthentication,
  user: string | undefined,
  index: number,
): Caller {
  const isOfUsers = credentials.some((other) => other.user !== undefined);
  if (!isOfUsers || user === undefined) {
    const credential = credentials[index % credentials.length];
    return { user: credential?.user ?? user, credential };
  }
  const credential = credentials.find((candidate) => candidate.user === user);
  if (credential) return { user, credential };
  throw new Error(
    `${'keySetting' in authentication ? authentication.keySetting : 'the contract'} has no user "${user}"`,
  );
}

/** Returns a caller other than the given one, with valid credentials. */
export function anotherThan({ user = '', credential }: Caller, credentials: readonly Credential[]): Caller {
  const other = credentials.find((candidate) => candidate.user !== undefined && candidate.user !== user);
  return other ? { user: other.user, credential: other } : { user: `not-${user}`, credential };
}

/**
 * Returns the headers and the query parameters that authenticate a request.
 *
 * @param worthless The kind of invalid credentials (see harness/contract/worthless.ts). Defaults to valid ones.
 */
export function authorize(
  authentication: ScriptAuthentication,
  caller: Caller,
  means: Means,
  worthless?: string,
): Added | Promise<Added> {
  const { user = '', credential: { key } = { key: '' } } = caller;
  if (worthless?.startsWith('no ') && worthless !== 'no signature') return NOTHING;
  const sent = worthless === undefined || worthless === 'unknown user' ? key : `not-${key}`;
  switch (authentication.kind) {
    case 'bearer':
      return bearer(sent);
    case 'api-key':
      return authentication.query === undefined
        ? inHeader(authentication.header ?? '', sent)
        : { headers: {}, query: { [authentication.query]: sent } };
    case 'basic': {
      const name = worthless === 'unknown user' ? `not-${user}` : user;
      return inHeader('Authorization', `Basic ${means.base64(`${name}:${sent}`, 'std')}`);
    }
    case 'bearer-jwt-hs256':
      return bearer(signWithSecret(user, key, authentication.validSeconds, means, worthless));
    case 'login':
      return logIn(authentication, caller, means, worthless);
    default:
      return means.token(user, worthless).then(bearer);
  }
}

const inHeader = (name: string, value: string): Added => ({ headers: { [name]: value }, query: {} });

const bearer = (token: string): Added => inHeader('Authorization', `Bearer ${token}`);

async function logIn(
  { cookie }: Extract<ScriptAuthentication, { kind: 'login' }>,
  caller: Caller,
  means: Means,
  worthless?: string,
): Promise<Added> {
  const session = worthless === 'made-up session' ? 'made-up-session' : await means.logIn(caller);
  if (session === undefined) return NOTHING;
  const sent = worthless === 'changed session' ? changed(session) : session;
  return cookie === undefined ? bearer(sent) : inHeader('Cookie', `${cookie}=${sent}`);
}

/**
 * Changes the last few characters of a text. Changing one is not enough, because the last Base64 character may have
 * unused bits.
 */
const changed = (text: string): string =>
  text.slice(0, -8) + text.slice(-8).replace(/[a-zA-Z0-9]/g, (letter) => (letter === 'x' ? 'y' : 'x'));
