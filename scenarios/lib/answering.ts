import type { Callable } from '../../harness/contract/requests.ts';
import { context, isHttp } from './context.ts';

/** An endpoint whose callers get answers of upstreams. */
export interface Answering {
  readonly endpoint: string;
  /** The HTTP upstreams whose answers they get while nothing is broken. */
  readonly upstreams: readonly string[];
  /** The upstreams that are called if the first one fails, in order. */
  readonly others: readonly string[];
}

const ENDPOINTS = Object.entries(context.endpoints);

/** Returns the endpoints that call HTTP upstreams and answer with their answers. */
export const answering = (): Answering[] =>
  ENDPOINTS.flatMap(([endpoint, { reaches, answeredBy, fallback }]) => {
    const upstreams = answeredBy.filter((upstream) => isHttp(upstream) && reaches.includes(upstream));
    const others = (fallback?.order ?? []).filter((upstream) => !reaches.includes(upstream));
    return upstreams.length > 0 ? [{ endpoint, upstreams, others }] : [];
  });

/** An endpoint that reads stored answers, and an endpoint whose calls store them. */
export interface Reading {
  readonly reader: string;
  readonly writer: string;
}

/** Returns the endpoints that call no HTTP upstream, and promise answers that others get. */
export const readings = (): Reading[] =>
  ENDPOINTS.flatMap(([reader, { reaches, answers, answeredBy }]) => {
    if (answers === undefined || answers.as === 'none' || reaches.some(isHttp)) return [];
    const writer = answering().find(({ upstreams }) => upstreams.some((upstream) => answeredBy.includes(upstream)));
    return writer ? [{ reader, writer: writer.endpoint }] : [];
  });

/** The number of callers who send the same question. */
export const SEVERAL = 4;

/** The parts of a caller that tell it from others. */
type Caller = Pick<Callable, 'user' | 'authenticated'> & Partial<Callable>;

/**
 * Returns how many callers can send the same request to an endpoint, so that the service can tell them apart: 1 if
 * nothing distinguishes them but the text that is the same in their requests, or the address of this VU.
 */
export function callersOf({ user, authenticated, ...request }: Caller): number {
  if (namesClient(request)) return SEVERAL;
  const { client, authentication } = context;
  const { credentials = [] } = authentication ?? {};
  if (user !== undefined) {
    if (!authenticated || user.includes('${unique}') || !user.includes('${client}')) return 1;
    const users = credentials.filter((credential) => credential.user !== undefined).length;
    return users === 0 ? SEVERAL : Math.min(SEVERAL, users);
  }
  if (typeof client === 'object') return SEVERAL;
  const keys = authenticated || client !== 'socket' ? credentials.length : 1;
  return Math.max(1, Math.min(SEVERAL, keys));
}

/** Whether a part of the request has a text for each client. */
const namesClient = ({ path, headers, query, body, form, text, file }: Partial<Callable>): boolean =>
  JSON.stringify([path, headers, query, body, form, text, file]).includes('${client}');

/** Returns how many callers can store answers, so that the service can tell them apart. */
export const storersOf = (writer: Caller): number => (writer.user?.includes('${unique}') ? SEVERAL : callersOf(writer));
