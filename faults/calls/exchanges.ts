import type { Recognizer } from './recognizer.ts';

/**
 * A call begins with the first bytes after the connection was opened or after the server responded. This fits protocols
 * in which the client speaks first, a call is a single request and response, and each connection carries one call at a
 * time. A handshake would count as a call.
 */
export function exchanges(): Recognizer {
  let isIdle = true;
  return {
    sent() {
      if (!isIdle) return [];
      isIdle = false;
      return ['exchange'];
    },
    answered() {
      isIdle = true;
    },
  };
}
