import { type FakesInProcess, type InProcessOptions, startFakesInProcess } from '../faults/fakes/fakes-in-process.ts';
import { providers } from './providers.ts';

type All = typeof providers;

/** Replaces all providers' APIs in this process. See `startFakesInProcess`. */
export const fakesInProcess = (options?: InProcessOptions<All>): FakesInProcess<keyof All> =>
  startFakesInProcess(providers, options);
