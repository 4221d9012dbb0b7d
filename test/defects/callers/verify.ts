import type { IncomingMessage } from 'node:http';

/** Who sent a request: the credential, and the user whose it is. */
export interface Caller {
  key: string;
  user: string;
}

const { AUTHENTICATION = '', CREDENTIALS = '' } = process.env;
const [, , DEFECT] = process.argv;

const entries = CREDENTIALS.split(',').map((entry) => {
  const [user = '', key = user] = entry.split(':');
  return { user, key };
});

/** Returns the caller of a request; undefined if its credentials are not valid. */
export function identify(request: IncomingMessage): Caller | undefined {
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
    default:
      return undefined;
  }
}

function withKey(key: string): Caller | undefined {
  if (DEFECT === 'key-not-checked' && key !== '') return { user: '', key };
  return entries.find((entry) => entry.key === key);
}

function withPassword(token: string): Caller | undefined {
  const [user, ...password] = Buffer.from(token, 'base64').toString().split(':');
  const found = entries.find((entry) => entry.user === user);
  return DEFECT === 'password-not-checked' || found?.key === password.join(':') ? found : undefined;
}
