import { type FakesInProcess, type InProcessOptions, startFakesInProcess } from '../faults/fakes/fakes-in-process.ts';
import { providers } from './providers.ts';

type All = typeof providers;

/** Replaces the APIs of all providers in this process. See `startFakesInProcess`. */
export const fakesInProcess = (options?: InProcessOptions<All>): FakesInProcess<keyof All> =>
  startFakesInProcess(providers, options);
