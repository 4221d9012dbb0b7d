import type { IncomingMessage } from 'node:http';
import type { Contract } from '../contract/contract.ts';

/** The parts of a contract about how a service identifies its callers. */
type Known = Pick<Contract, 'client' | 'authentication'>;

/** The parts of a request by which a service may do so. */
export type RequestHead = Pick<IncomingMessage, 'headers' | 'url'> & {
  readonly socket: { remoteAddress?: string | undefined };
};

/**
 * Returns the value by which a service identifies the caller of a request. It is the same in all requests of a caller,
 * even if they claim another address, have an idempotency key, or carry a newer token.
 */
export function clientOf({ client, authentication }: Known, { headers, url = '', socket }: RequestHead): string {
  const header = (name: string) => String(headers[name.toLowerCase()] ?? '');
  if (client === 'socket') return socket.remoteAddress ?? '';
  if (typeof client !== 'string') {
    if ('header' in client) return header(client.header);
    // Everyone can write the entries before those of the proxies.
    return header(client.forwarded.header).split(',').at(-client.forwarded.hop)?.trim() ?? '';
  }
  switch (authentication?.kind) {
    case 'api-key':
      return authentication.header === undefined
        ? (new URL(url, 'http://127.0.0.1').searchParams.get(authentication.query ?? '') ?? '')
        : header(authentication.header);
    case 'login':
      return header(authentication.cookie === undefined ? 'Authorization' : 'Cookie');
    case 'bearer-jwt-hs256':
    case 'bearer-jwt-rs256':
    case 'bearer-jwt-es256':
      return userIn(header('Authorization'));
    default:
      return header('Authorization');
  }
}

/** Returns the user of a JWT, or the whole text if it is not a JWT. */
function userIn(authorization: string): string {
  try {
    const claims = JSON.parse(Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString());
    return String(claims.sub);
  } catch {
    return authorization;
  }
}
