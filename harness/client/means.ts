import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import { wholeBody } from '../../faults/base/whole-body.ts';
import type { Caller, Means } from '../callers/authorize.ts';
import { type Calling, composeLogIn } from '../callers/compose-call.ts';
import { remember } from '../callers/remember.ts';

/** The service for which requests are authenticated. */
interface Target {
  url: string;
  calling: Calling;
  /** Returns a token that the lab signs. */
  token: (user: string) => Promise<string>;
}

/** Returns the means by which requests from Node are authenticated. */
export function meansOf(target: Target): Means {
  const { authentication } = target.calling;
  const validSeconds = authentication && 'validSeconds' in authentication ? authentication.validSeconds : 0;
  const tokens = remember<string>(validSeconds / 2);
  const sessions = remember<string | undefined>(validSeconds / 2);
  return {
    base64: (text, alphabet) => Buffer.from(text).toString(alphabet === 'std' ? 'base64' : 'base64url'),
    hmac: (key, text) => createHmac('sha256', key).update(text).digest('base64url'),
    token: (user) => tokens(user, () => target.token(user)),
    logIn: (caller) => sessions(caller.user ?? '', () => logIn(target, caller)),
  };
}

async function logIn({ url, calling }: Omit<Target, 'token'>, caller: Caller): Promise<string | undefined> {
  const { authentication, endpoints } = calling;
  if (authentication?.kind !== 'login') return undefined;
  const endpoint = endpoints[authentication.endpoint];
  if (!endpoint) return undefined;
  const unique = `lab-login-${Date.now().toString(36)}`;
  const { method, path, headers, body } = composeLogIn(calling, endpoint, { unique, client: 1 }, caller);
  const response = await request(url + path, { method, headers, body, dispatcher: new Agent() });
  const text = (await wholeBody(response.body)).toString();
  const { cookie, token = '' } = authentication;
  if (cookie !== undefined) return cookieIn(response.headers['set-cookie'], cookie);
  return response.statusCode < 300 ? tokenIn(text, token) : undefined;
}

function cookieIn(set: string | string[] | undefined, name: string): string | undefined {
  const pairs = [set ?? []].flat().map((cookie) => cookie.split(';')[0] ?? '');
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Returns the text at a dotted path, such as `data.token`. */
function tokenIn(text: string, path: string): string | undefined {
  const found = path
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], JSON.parse(text));
  return typeof found === 'string' ? found : undefined;
}
