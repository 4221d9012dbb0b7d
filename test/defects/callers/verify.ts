import type { IncomingMessage } from 'node:http';
import type { Caller } from './caller.ts';
import { sessionOf } from './sessions.ts';
import { userOfToken } from './tokens.ts';

const { AUTHENTICATION = '', CREDENTIALS = '' } = process.env;
const [, , DEFECT] = process.argv;

const entries = CREDENTIALS.split(',').map((entry) => {
  const [user = '', key = user] = entry.split(':');
  return { user, key };
});

/** Returns a request's caller, or undefined if its credentials are invalid. */
export async function identify(request: IncomingMessage): Promise<Caller | undefined> {
  const [, token = ''] = request.headers.authorization?.split(' ') ?? [];
  switch (AUTHENTICATION) {
    case 'bearer':
      return withKey(DEFECT === 'token-compared-by-its-end' ? token.replace(/^not-/, '') : token);
    case 'header':
      return withKey(String(request.headers['x-api-key']));
    case 'query':
      return withKey(new URL(request.url ?? '', 'http://localhost').searchParams.get('key') ?? '');
    case 'basic':
      return withPassword(token);
    case 'jwt': {
      const user = await userOfToken(token);
      return user === undefined ? undefined : { user, key: token };
    }
    default:
      return sessionOf(request.headers.cookie?.replace('sid=', '') ?? token);
  }
}

/** Returns the user with this password, or undefined if there is none. */
export const withPasswordOf = (user: string, password: string): Caller | undefined =>
  entries.find((entry) => entry.user === user && entry.key === password);

function withKey(key: string): Caller | undefined {
  const isKnown = entries.some((entry) => entry.key === key) || (DEFECT === 'key-not-checked' && key !== '');
  return isKnown ? { user: '', key } : undefined;
}

function withPassword(token: string): Caller | undefined {
  const [user, ...password] = Buffer.from(token, 'base64').toString().split(':');
  const found = entries.find((entry) => entry.user === user);
  return DEFECT === 'password-not-checked' || found?.key === password.join(':') ? found : undefined;
}
