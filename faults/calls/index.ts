import { connections } from './connections.ts';
import { exchanges } from './exchanges.ts';
import { postgres } from './postgres.ts';
import type { Recognizer } from './recognizer.ts';
import { redis } from './redis.ts';

/** The ways to recognize calls to a TCP server, by name in a contract. Each function is for a single connection. */
export const recognizers = { redis, postgres, exchanges, connections } satisfies Record<string, () => Recognizer>;

/** How calls to a TCP server are recognized. */
export type CallKind = keyof typeof recognizers;
