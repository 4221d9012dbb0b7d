import { z } from 'zod';

const keySetting = z.string();
const listSetting = keySetting.describe(
  'the setting in `environment` that contains one or more entries, separated by commas or spaces, such as ' +
    '${keys} or ${users}',
);
const entries = z
  .enum(['key', 'user:key'])
  .default('key')
  .describe('the form of an entry in the setting: a key, or a user and a key');

const bearer = z
  .strictObject({ kind: z.literal('bearer'), keySetting: listSetting, entries })
  .describe('a fixed token in the header Authorization: Bearer');

const apiKey = z
  .strictObject({
    kind: z.literal('api-key'),
    header: z.string().optional().describe('the header that contains the key; use either header or query'),
    query: z.string().optional().describe('the query parameter that contains the key'),
    keySetting: listSetting,
    entries,
  })
  .refine(({ header, query }) => (header === undefined) !== (query === undefined), 'needs either header or query')
  .describe('a key in a header or in a query parameter');

const basic = z
  .strictObject({
    kind: z.literal('basic'),
    keySetting: listSetting,
    user: z
      .string()
      .optional()
      .describe('the user, if the setting contains only a password; default: entries are user:password'),
  })
  .describe('a user and a password in the header Authorization: Basic');

const jwtWithSecret = z
  .strictObject({
    kind: z
      .literal('bearer-jwt-hs256')
      .describe('a JWT in the header Authorization: Bearer, with the user of the endpoint in sub'),
    keySetting: keySetting.describe('the setting of the service that contains the signing key'),
    validSeconds: z.number().positive().default(300),
  })
  .describe('a JWT signed with a shared secret (HS256)');

const jwtWithKeys = z
  .strictObject({
    kind: z
      .enum(['bearer-jwt-rs256', 'bearer-jwt-es256'])
      .describe('a JWT signed with one of the private keys of the lab, which are new in each run'),
    issuer: z
      .string()
      .optional()
      .describe(
        'the iss claim; if it is in the contract, the service must reject tokens of another issuer; default: ${issuer}',
      ),
    audience: z
      .string()
      .optional()
      .describe('the aud claim, with which the service must reject tokens for another audience; default: no aud claim'),
    validSeconds: z.number().positive().default(300),
  })
  .describe('a JWT signed with a private key of the lab; ${jwks} is the URL of the public key');

const login = z
  .strictObject({
    kind: z.literal('login'),
    endpoint: z
      .string()
      .describe(
        'the endpoint for logging in, which is called once for each user. Its body contains ${user} and usually ' +
          '${password}, and it needs no credentials',
      ),
    cookie: z.string().optional().describe('the name of the cookie that it sets; use either cookie or token'),
    token: z
      .string()
      .optional()
      .describe(
        'the path of the token in the JSON response, such as data.token, which is then sent in Authorization: Bearer',
      ),
    keySetting: keySetting
      .optional()
      .describe(
        'with `login`: the setting that contains user:password, or a comma-separated list; without it, any user can log in',
      ),
    validSeconds: z
      .number()
      .positive()
      .default(300)
      .describe('seconds until a login expires; scenarios log in again after half of that time'),
  })
  .refine(({ cookie, token }) => (cookie === undefined) !== (token === undefined), 'needs either cookie or token')
  .describe('a cookie or a bearer token that an endpoint issues');

/** How requests prove the identity of their sender. */
export const authentication = z
  .discriminatedUnion('kind', [jwtWithSecret, jwtWithKeys, bearer, apiKey, basic, login])
  .describe('how requests are authenticated');

export type Authentication = z.output<typeof authentication>;

/** The authentication for a service whose tokens the lab signs with a private key. */
export type IssuedTokens = Extract<Authentication, { kind: 'bearer-jwt-rs256' | 'bearer-jwt-es256' }>;

/** Returns whether the lab signs a service's tokens. */
export const isIssued = (authentication: Authentication | undefined): authentication is IssuedTokens =>
  authentication?.kind === 'bearer-jwt-rs256' || authentication?.kind === 'bearer-jwt-es256';

/** Returns the setting that contains a key or a list of keys, or undefined if there is none. */
export const keySettingOf = (authentication: Authentication | undefined): string | undefined =>
  authentication && 'keySetting' in authentication ? authentication.keySetting : undefined;
