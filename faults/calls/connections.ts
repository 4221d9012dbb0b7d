import type { Recognizer } from './recognizer.ts';

/** Each connection is one call. This fits a client that connects for each call, whatever the protocol is. */
export const connections = (): Recognizer => ({
  accepted: () => ['connection'],
  sent: () => [],
});
