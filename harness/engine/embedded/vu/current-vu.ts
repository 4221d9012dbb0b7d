import { AsyncLocalStorage } from 'node:async_hooks';
import type { Vu } from './vu.ts';

const storage = new AsyncLocalStorage<Vu>();

/** The VU whose code is running, also in its timers and promises; undefined in code of the engine. */
export const currentVu = (): Vu | undefined => storage.getStore();

/** Runs a function as a VU's own code. */
export const runAs = <T>(vu: Vu, action: () => T): T => storage.run(vu, action);
