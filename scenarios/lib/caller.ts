import crypto from 'k6/crypto';
import encoding from 'k6/encoding';
import type { Means } from './callers/authorize.ts';
import { clientHeaders } from './callers/client-headers.ts';
import { composeCall } from './callers/compose-call.ts';
import type { Composed } from './callers/compose-request.ts';
import { context } from './context.ts';

/** VUs beyond this number are the first clients again: k6 assigns source addresses in the same way. */
const MOST_CLIENTS = 250;

const means: Means = {
  base64: (text, alphabet) => encoding.b64encode(text, alphabet),
  hmac: (key, text) => crypto.hmac('sha256', key, text, 'base64rawurl'),
};

const clientNumber = (): number => ((__VU - 1) % MOST_CLIENTS) + 1;

/** Returns the headers by which the service knows this client (VU). */
export const ownHeaders = (): Record<string, string> =>
  clientHeaders(context.client, `${context.clientPrefix}${clientNumber()}`);

/**
 * Returns a request of this client (VU) to an endpoint, with its credentials.
 *
 * @param unique The value of `${unique}`.
 * @param worthless The kind of invalid credentials. Default: valid ones.
 */
export const compose = (endpoint: (typeof context.endpoints)[string], unique: string, worthless?: string): Composed =>
  composeCall(context, endpoint, { unique, client: clientNumber(), worthless }, means);
