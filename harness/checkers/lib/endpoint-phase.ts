import type { Action } from '../../contract/phase.ts';

/** Returns the name of the phase in which a script calls an endpoint once. */
export const phaseOf = (endpoint: string): Action => `endpoint ${endpoint}`;
