import { context } from './context.ts';

const longest = (seconds: (number | undefined)[]): number => Math.max(0, ...seconds.map((duration) => duration ?? 0));

const breakers = Object.values(context.breakers);
const limits = Object.values(context.limits);

/** The maximum times in the contract, in seconds. Scenarios use them to state their duration. */
export const WINDOW = longest(limits.map(({ windowSeconds }) => windowSeconds));
export const RECOVERY = longest(breakers.map(({ recoverySeconds }) => recoverySeconds));
export const CALL_TIMEOUT = longest(breakers.map(({ callTimeoutSeconds }) => callTimeoutSeconds));
export const ACQUISITION = longest([context.pool?.acquireTimeoutSeconds]);
export const QUERY_TIMEOUT = longest([context.pool?.queryTimeoutSeconds]);

/**
 * Returns the number of seconds until the last client's turn. `apart` is the time between turns as a share of a window.
 */
export const turns = (clients: number, apart: number): number => (clients - 1) * apart * WINDOW;
