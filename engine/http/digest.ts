import { createHash, randomBytes } from 'node:crypto';
import type { GoUrl } from '../net/go-url.ts';
import { requestUri } from '../net/go-url.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/**
 * Creates the Authorization header for a digest challenge. Follows RFC 2617 with MD5, as k6 does. If the server offers
 * several `qop` values, none is used. `auth-int` covers the body of the response that contained the challenge.
 *
 * @param challenge The WWW-Authenticate header.
 * @param refusal The body of the response that contained the challenge.
 */
export function answerChallenge(challenge: string, method: string, url: GoUrl, refusal: string): string {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain] of challenge.matchAll(/([\w-]+)=(?:"([^"]*)"|([^\s,"]*))/g))
    parameters.set(name, (quoted ?? plain ?? '').replaceAll(',', ''));
  const value = (name: string): string => parameters.get(name) ?? '';
  const { name: username = '', password = '' } = url.user ?? {};
  const uri = requestUri(url);
  const cnonce = value('cnonce') || randomBytes(16).toString('hex');
  const nc = value('nc') || '00000001';
  const qop = value('qop');
  const what = `${method}:${uri}${qop === 'auth-int' ? `:${md5(refusal)}` : ''}`;
  const between = qop === 'auth' || qop === 'auth-int' ? `${nc}:${cnonce}:${qop}:` : '';
  const who = md5(`${username}:${value('realm')}:${password}`);
  const response = md5(`${who}:${value('nonce')}:${between}${md5(what)}`);
  for (const [name, text] of Object.entries({ username, uri, cnonce, nc, response })) parameters.set(name, text);
  const unquoted = ['qop', 'nc'];
  return `Digest ${Array.from(parameters, ([name, text]) => `${name}=${unquoted.includes(name) ? text : `"${text}"`}`).join(', ')}`;
}
