import type { Family } from '../lib/family.ts';
import { bearsASoak } from './bears-a-soak.ts';
import { bearsItsLoad } from './bears-its-load.ts';
import { endpointsAskForProof } from './endpoints-ask-for-proof.ts';
import { endpointsServed } from './endpoints-served.ts';
import { LOAD_MUTANTS } from './mutants.ts';
import { recovers } from './recovers.ts';
import { steadyState } from './steady-state.ts';
import { survivesASpike } from './survives-a-spike.ts';

export const LOAD: Family = {
  title: 'Endpoints and load',
  checkers: [endpointsServed, endpointsAskForProof, bearsItsLoad, survivesASpike, bearsASoak, steadyState, recovers],
  mutants: LOAD_MUTANTS,
};
