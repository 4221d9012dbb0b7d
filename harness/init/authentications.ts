/** Kinds of authentication that can be chosen, with the value of the setting that holds their keys. */
export const KEY_VALUES = {
  bearer: '${keys}',
  'api-key': '${keys}',
  basic: '${users}',
  'bearer-jwt-hs256': '${secret}',
  'bearer-jwt-rs256': '${jwks}',
  'bearer-jwt-es256': '${jwks}',
  login: '${users}',
} as const;

/** The kinds of authentication, in the order in which they are offered. */
export const AUTHENTICATIONS = Object.keys(KEY_VALUES) as (keyof typeof KEY_VALUES)[];
