import type { ScriptContext } from '../contract/script-context.ts';
import { anotherThan, authorize, type Caller, callerOf, type Means } from './authorize.ts';
import { clientHeaders } from './client-headers.ts';
import { type Added, type Composed, composeRequest, fill } from './compose-request.ts';

/** The part of the context that describes how requests are made. */
export type Calling = Pick<ScriptContext, 'endpoints' | 'client' | 'clientPrefix' | 'authentication'>;

/** The values that distinguish a request from others to the same endpoint. */
export interface Call {
  /** The value of `${unique}`. */
  unique: string;
  /** The number of the client, starting with 1. */
  client: number;
  /**
   * The index of its credential, if clients are identified by their addresses. Defaults to the first one for all clients.
   */
  credential?: number | undefined;
  /** The kind of invalid credentials. Defaults to valid ones. */
  worthless?: string | undefined;
}

/**
 * Composes a client's request to an endpoint, with its credentials. Returns a promise only if getting the credentials
 * is asynchronous, for example if it requires another request.
 */
export function composeCall(
  { client, clientPrefix, authentication }: Calling,
  endpoint: Calling['endpoints'][string],
  call: Call,
  means: Means,
): Composed | Promise<Composed> {
  const values = { unique: call.unique, client: `${clientPrefix}${call.client}` };
  const user = endpoint.user && fill(endpoint.user, values);
  // If clients are identified by something else, they all share a credential. This reveals a service that counts by
  // credential.
  const index = credentialIndex(client, call);
  const caller: Caller = authentication ? callerOf(authentication, user, index) : { user };
  const compose = (credentials: Added) =>
    composeRequest(
      endpoint,
      { ...values, user: caller.user, password: caller.credential?.key },
      { headers: clientHeaders(client, values.client), query: {} },
      credentials,
    );
  if (!authentication || !endpoint.authenticated) return compose({ headers: {}, query: {} });
  const isOther = call.worthless === 'another user' || call.worthless === 'row of another user';
  const credentials = isOther
    ? authorize(authentication, anotherThan(caller, authentication.credentials), means)
    : authorize(authentication, caller, means, call.worthless);
  return credentials instanceof Promise ? credentials.then(compose) : compose(credentials);
}

/** Returns the index of a client's credential. Clients that differ by a header share the first one. */
export function credentialIndex(
  client: Calling['client'],
  { client: number, credential = 0 }: Omit<Call, 'unique'>,
): number {
  if (client === 'key' || client === 'user') return number - 1;
  return client === 'socket' ? credential : 0;
}

/** Returns the request that logs a caller in. */
export const composeLogIn = (
  { client, clientPrefix }: Calling,
  endpoint: Calling['endpoints'][string],
  call: Call,
  { user, credential }: Caller,
): Composed => {
  const name = `${clientPrefix}${call.client}`;
  const values = { unique: call.unique, client: name, user, password: credential?.key };
  return composeRequest(endpoint, values, { headers: clientHeaders(client, name), query: {} });
};
