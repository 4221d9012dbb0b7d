import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import type { Vu } from './vu.ts';

const storage = new AsyncLocalStorage<Vu>();

/** The VU whose code is running, also in its timers and promises; undefined in code of the engine. */
export const currentVu = (): Vu | undefined => storage.getStore();

/** Gives a function that runs others as a VU's own code: a scope that is entered again and again costs a tenth of a new one. */
export function scopeOf(vu: Vu): <T>(action: () => T) => T {
  const scope = storage.run(vu, () => new AsyncResource('Vu'));
  return (action) => scope.runInAsyncScope(action);
}
