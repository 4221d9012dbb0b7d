import type { ActionPhase } from '../../contract/phases.ts';
import type { History, PhaseEntry } from '../../history/history.ts';

/** Returns the phases in which a script calls an endpoint once. */
export const endpointPhases = (history: History, endpoint: string): PhaseEntry<ActionPhase<'endpoint'>>[] =>
  history.phases('endpoint').filter((phase) => phase.endpoint === endpoint);
