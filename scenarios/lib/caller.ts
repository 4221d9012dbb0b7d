import crypto from 'k6/crypto';
import encoding from 'k6/encoding';
import type { Caller, Means } from '../../harness/callers/authorize.ts';
import { clientHeaders } from '../../harness/callers/client-headers.ts';
import { composeCall } from '../../harness/callers/compose-call.ts';
import type { Composed } from '../../harness/callers/compose-request.ts';
import { remember } from '../../harness/callers/remember.ts';
import { context } from './context.ts';
import { lab } from './lab.ts';
import { logIn } from './log-in.ts';

/** VUs beyond this number start over with the first client, as k6 does with source addresses. */
const MOST_CLIENTS = 250;

const { authentication } = context;
const validSeconds = authentication && 'validSeconds' in authentication ? authentication.validSeconds : 0;
const tokens = remember<string>(validSeconds / 2);
const sessions = remember<string | undefined>(validSeconds / 2);

const means: Means = {
  base64: (text, alphabet) => encoding.b64encode(text, alphabet),
  hmac: (key, text) => crypto.hmac('sha256', key, text, 'base64rawurl'),
  token: (user, flaw) => (flaw === undefined ? tokens(user, () => lab.token(user)) : lab.token(user, flaw)),
  logIn: (caller: Caller) => sessions(caller.user ?? '', () => logIn(caller, clientNumber())),
};

const clientNumber = (): number => ((__VU - 1) % MOST_CLIENTS) + 1;

/** Returns the name of this client (VU), or of another one. */
export const clientName = (client = clientNumber()): string => `${context.clientPrefix}${client}`;

/** Returns the headers by which the service identifies this client (VU). */
export const ownHeaders = (): Record<string, string> => clientHeaders(context.client, clientName());

/**
 * Composes a request from this client (VU) to an endpoint, with its credentials.
 *
 * @param unique The value of `${unique}`.
 * @param worthless The kind of invalid credentials. Defaults to valid ones.
 * @param client The number of another client. A request has the address of this one in any case. If clients are
 *   identified by their addresses, it has the credential of the other one.
 */
export const compose = (
  endpoint: (typeof context.endpoints)[string],
  unique: string,
  worthless?: string,
  client?: number,
): Composed | Promise<Composed> => composeCall(context, endpoint, { unique, worthless, ...numbersOf(client) }, means);

/** Returns the number of a client and the index of its credential: those of another client, or of this one (VU). */
export const numbersOf = (client?: number): { client: number; credential?: number } =>
  client === undefined ? { client: clientNumber() } : { client, credential: client - 1 };
