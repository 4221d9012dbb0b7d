import { z } from 'zod';

const keySetting = z.string();
const listSetting = keySetting.describe(
  'the setting of the service that holds the key, or several ones separated by commas or blanks, such as ${keys} or ${users}',
);
const entries = z
  .enum(['key', 'user:key'])
  .default('key')
  .describe('what the setting holds: keys, or a user and a key each');

const bearer = z
  .strictObject({ kind: z.literal('bearer'), keySetting: listSetting, entries })
  .describe('a fixed token in Authorization: Bearer');

const apiKey = z
  .strictObject({
    kind: z.literal('api-key'),
    header: z.string().optional().describe('the header that carries the key. Either this or query'),
    query: z.string().optional().describe('the parameter of the query that carries the key'),
    keySetting: listSetting,
    entries,
  })
  .refine(({ header, query }) => (header === undefined) !== (query === undefined), 'needs either header or query')
  .describe('a key in a header or in the query');

const basic = z
  .strictObject({
    kind: z.literal('basic'),
    keySetting: listSetting,
    user: z.string().optional().describe('the user, if the setting holds only a password; default: user:password'),
  })
  .describe('a user and a password in Authorization: Basic');

const jwtWithSecret = z
  .strictObject({
    kind: z.literal('bearer-jwt-hs256').describe('a JWT in Authorization: Bearer, with the user in sub'),
    keySetting: keySetting.describe('the setting of the service that holds the signing key'),
    validSeconds: z.number().positive().default(300),
  })
  .describe('a JWT that is signed with a secret (HS256)');

const jwtWithKeys = z
  .strictObject({
    kind: z.enum(['bearer-jwt-rs256', 'bearer-jwt-es256']),
    issuer: z.string().optional().describe('iss of the tokens, and another one is refused; default: ${issuer}, any'),
    audience: z.string().optional().describe('aud of the tokens, and another one is refused; default: none, any'),
    validSeconds: z.number().positive().default(300),
  })
  .describe('a JWT that is signed with a private key of the lab; ${jwks} is the URL of its public key');

const login = z
  .strictObject({
    kind: z.literal('login'),
    endpoint: z.string().describe('the endpoint that logs in, whose body names ${user} and usually ${password}'),
    cookie: z.string().optional().describe('the cookie that it sets. Either this or token'),
    token: z.string().optional().describe('the path of the token in its JSON, such as access_token'),
    keySetting: keySetting
      .optional()
      .describe('the setting of the service with user:password, several ones separated by commas; default: any user'),
    validSeconds: z.number().positive().default(300).describe('after half of that time, scenarios log in again'),
  })
  .refine(({ cookie, token }) => (cookie === undefined) !== (token === undefined), 'needs either cookie or token')
  .describe('a cookie, or a token in Authorization: Bearer, that an endpoint hands out');

/** How requests prove the identity of their sender. */
export const authentication = z
  .discriminatedUnion('kind', [jwtWithSecret, jwtWithKeys, bearer, apiKey, basic, login])
  .describe('how requests are authenticated');

export type Authentication = z.output<typeof authentication>;

/** Returns the setting that contains a key or a list of keys, or undefined if there is none. */
export const keySettingOf = (authentication: Authentication | undefined): string | undefined =>
  authentication && 'keySetting' in authentication ? authentication.keySetting : undefined;
