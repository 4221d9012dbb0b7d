import { context } from './context.ts';

const longest = (seconds: (number | undefined)[]): number => Math.max(0, ...seconds.map((one) => one ?? 0));

const breakers = Object.values(context.breakers);
const limits = Object.values(context.limits);

/** What scenarios wait for, in seconds: the longest of each in the contract's numbers. By them they say how long they take. */
export const WINDOW = longest(limits.map(({ windowSeconds }) => windowSeconds));
export const RECOVERY = longest(breakers.map(({ recoverySeconds }) => recoverySeconds));
export const CALL_TIMEOUT = longest(breakers.map(({ callTimeoutSeconds }) => callTimeoutSeconds));
export const ACQUISITION = longest([context.pool?.acquireTimeoutSeconds]);
export const QUERY_TIMEOUT = longest([context.pool?.queryTimeoutSeconds]);

/** How long it takes until the last of so many clients is through whose turns begin so far apart, by shares of a window. */
export const turns = (clients: number, apart: number): number => (clients - 1) * apart * WINDOW;
