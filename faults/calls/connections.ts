import type { Recognizer } from './recognizer.ts';

/** Each connection is one call. This fits a client that opens a connection for each call, with any protocol. */
export const connections = (): Recognizer => ({
  accepted: () => ['connection'],
  sent: () => [],
});
