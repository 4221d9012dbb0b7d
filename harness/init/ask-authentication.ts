import type { ContractFile } from '../contract/contract.ts';
import { json, oneOf, optional, orNone, path, setting, statuses, text } from './answers.ts';
import type { Ask } from './question.ts';

export type AuthenticationFile = NonNullable<ContractFile['authentication']>;

/** How requests authenticate, with the settings and endpoints that this needs. */
export interface Authentication {
  authentication: AuthenticationFile;
  /** The service's settings with the value for each. */
  environment: Record<string, string>;
  endpoints: ContractFile['endpoints'];
}

const KINDS = ['bearer', 'api-key', 'basic', 'bearer-jwt-hs256', 'login'] as const;
/** The lab creates these keys in each run, so that a running service does not know them. */
const KINDS_WITH_PUBLIC_KEYS = ['bearer-jwt-rs256', 'bearer-jwt-es256'] as const;

/** Asks how requests authenticate. Returns undefined if they don't. */
export async function askAuthentication(ask: Ask, isRunning: boolean): Promise<Authentication | undefined> {
  const kinds = isRunning ? KINDS : [...KINDS, ...KINDS_WITH_PUBLIC_KEYS];
  const kind = await ask({
    name: 'authentication',
    title: 'Authentication',
    ask: `How do requests authenticate: ${kinds.join(', ')}, or none?`,
    ...optional(oneOf(kinds)),
  });
  switch (kind) {
    case undefined:
      return undefined;
    case 'bearer':
      return withKey({ kind, keySetting: await askKeySetting(ask, 'its list of tokens') }, '${keys}');
    case 'bearer-jwt-hs256':
      return withKey({ kind, keySetting: await askKeySetting(ask, 'the key that signs tokens') }, '${secret}');
    case 'api-key':
      return askApiKey(ask);
    case 'basic':
      return askBasic(ask);
    case 'login':
      return askLogin(ask);
    default:
      return askPublicKeys(ask, kind);
  }
}

const askKeySetting = (ask: Ask, what: string): Promise<string> =>
  ask({ name: 'keySetting', ask: `Which environment variable holds ${what}?`, answer: setting });

/** Returns an authentication whose key setting the lab sets to this value. */
const withKey = (authentication: AuthenticationFile & { keySetting: string }, value: string): Authentication => ({
  authentication,
  environment: { [authentication.keySetting]: value },
  endpoints: {},
});

async function askApiKey(ask: Ask): Promise<Authentication> {
  const place = await ask({
    name: 'keyPlace',
    ask: 'Which header has the key, or which parameter of the query, as ?name?',
    usual: 'X-Api-Key',
    answer: text.regex(/^(\?\S+|[\w-]+)$/, 'a header such as X-Api-Key, or a parameter such as ?key'),
  });
  const where = place.startsWith('?') ? { query: place.slice(1) } : { header: place };
  const keySetting = await askKeySetting(ask, 'its list of keys');
  return withKey({ kind: 'api-key', keySetting, ...where }, '${keys}');
}

async function askBasic(ask: Ask): Promise<Authentication> {
  const keySetting = await askKeySetting(ask, 'its list of user:password, or the password of a single user');
  const user = await ask({
    name: 'onlyUser',
    ask: 'Which user does that password belong to, or none if the list has the users?',
    ...optional(text),
  });
  const authentication = { kind: 'basic', keySetting, ...(user !== undefined && { user }) } as const;
  return withKey(authentication, user === undefined ? '${users}' : '${secret}');
}

async function askPublicKeys(ask: Ask, kind: (typeof KINDS_WITH_PUBLIC_KEYS)[number]): Promise<Authentication> {
  const jwks = await ask({
    name: 'keySetting',
    ask: 'Which environment variable holds the URL of the public keys (JWKS), or none if it finds them at the issuer?',
    usual: 'JWKS_URL',
    answer: orNone(setting),
  });
  const issuer = await ask({
    name: 'issuerSetting',
    ask: `Which one holds the issuer${jwks === undefined ? '' : ', or none'}?`,
    usual: jwks === undefined ? 'ISSUER' : 'none',
    answer: jwks === undefined ? setting : orNone(setting),
  });
  const fixed = issuer === undefined ? await askFixedIssuer(ask) : undefined;
  const audience = await ask({
    name: 'audience',
    ask: 'Which audience must a token have, or none?',
    ...optional(text),
  });
  return {
    authentication: { kind, ...(fixed && { issuer: fixed }), ...(audience && { audience }) },
    environment: { ...(jwks && { [jwks]: '${jwks}' }), ...(issuer && { [issuer]: '${issuer}' }) },
    endpoints: {},
  };
}

const askFixedIssuer = (ask: Ask): Promise<string | undefined> =>
  ask({
    name: 'issuer',
    ask: 'Which issuer (iss) must a token have, or none if any is accepted?',
    ...optional(text),
  });

const FORM = { username: '${user}', password: '${password}' };

async function askLogin(ask: Ask): Promise<Authentication> {
  const where = await ask({
    name: 'logIn',
    ask: 'To which path are the user and the password posted?',
    usual: '/login',
    answer: path,
  });
  const credentials = await ask({
    name: 'logInBody',
    ask: 'With which JSON body, with ${user} and ${password} in it, or none if it is a form with username and password?',
    ...optional(json),
  });
  const session = await ask({
    name: 'session',
    ask: 'What does it return, as "cookie NAME", or as "token PATH" in its JSON?',
    usual: 'cookie session',
    answer: text.regex(/^(cookie|token) \S+$/, 'as "cookie session" or "token access_token"'),
  });
  const served = await ask({
    name: 'logInServed',
    ask: 'With which status?',
    usual: session.startsWith('cookie') ? '303' : '200',
    answer: statuses,
  });
  const keySetting = await ask({
    name: 'keySetting',
    ask: 'Which environment variable holds its list of user:password, or none if it accepts any user?',
    ...optional(setting),
  });
  const [place = '', name = ''] = session.split(' ');
  const body = credentials === undefined ? { form: FORM } : { body: credentials };
  return {
    authentication: { kind: 'login', endpoint: 'login', ...(keySetting && { keySetting }), [place]: name },
    environment: keySetting === undefined ? {} : { [keySetting]: '${users}' },
    endpoints: { login: { method: 'POST', path: where, ...body, served } },
  };
}
