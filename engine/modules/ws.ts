import { GoError } from '../base/errors.ts';
import { callInSteps, type Steps } from '../blocking/carried.ts';
import { parseGoUrl } from '../net/go-url.ts';
import { inSteps } from '../vu/in-steps.ts';
import type { Vu } from '../vu/vu.ts';
import { GOING_AWAY, WsSession } from '../ws/ws-session.ts';

/** Implements `k6/ws`. A VU waits in `connect()` until its connection is closed. Its handlers run during that time. */
export function createWsModule(vu: Vu): object {
  function* connect(url: unknown, ...args: unknown[]): Steps {
    if (vu.phase === 'init') throw new GoError('using websockets in the init context is not supported');
    if (args.length < 1 || args.length > 2) throw new GoError('invalid number of arguments to ws.connect');
    const setUp = args.at(-1);
    if (typeof setUp !== 'function') throw new GoError('last argument to ws.connect must be a function');
    const params = (args.length === 2 ? args[0] : undefined) as object | null | undefined;
    const address = String(url)
      .replace(/^wss?:/i, (scheme) => scheme.toLowerCase())
      .replace(/#.*/s, '');
    const problem = problemOf(address);
    if (problem !== undefined) return refused(problem);
    const session = new WsSession(vu, address, params);
    const first = yield* session.next();
    if (first?.kind !== 'open') {
      const error = first?.kind === 'error' ? first.message : 'the connection was closed';
      return refused(error, session.refusal);
    }
    try {
      yield* callInSteps(setUp, undefined, [session.socket]);
      yield* session.emit('open');
      for (let event = yield* session.next(); event; event = yield* session.next()) yield* session.handle(event);
    } catch (error) {
      yield* session.close(GOING_AWAY);
      throw error;
    } finally {
      session.end(GOING_AWAY);
    }
    return { url: address, status: 101, headers: first.headers, body: '', error: '' };
  }
  /** Returns the result of a connection that was not opened, or throws its error if the `throw` option is set. */
  const refused = (error: string, { status, headers, body }: Refusal = NO_RESPONSE) => {
    if (vu.test.options.throw) throw new GoError(error);
    return { url: '', status, headers, body, error: status > 0 ? '' : error };
  };
  return { connect: inSteps(vu, connect) };
}

type Refusal = WsSession['refusal'];

const NO_RESPONSE: Refusal = { status: 0, headers: {}, body: '' };

/** Returns k6's error for an address to which no connection can be opened. */
function problemOf(address: string): string | undefined {
  try {
    const { scheme, user, host } = parseGoUrl(address);
    if (!/^wss?$/.test(scheme) || user) return 'malformed ws or wss URL';
    return host === '' ? 'lookup : no such host' : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
