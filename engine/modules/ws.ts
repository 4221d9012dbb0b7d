import { GoError } from '../base/errors.ts';
import { callInSteps, type Steps } from '../blocking/carried.ts';
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
    const address = String(url);
    const session = new WsSession(vu, address, params);
    const first = yield* session.next();
    if (first?.kind !== 'open') {
      const error = first?.kind === 'error' ? first.message : 'the connection was closed';
      if (vu.test.options.throw) throw new GoError(error);
      return { url: '', ...session.refusal, error: session.refusal.status > 0 ? '' : error };
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
  return { connect: inSteps(vu, connect) };
}
