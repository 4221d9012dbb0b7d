import type { ScenarioResult } from '../../verdict/run-result.ts';

/** Returns what a reader of a scenario's result must know beside its checks, in sentences. */
export const remarksIn = ({ notes = [], measuredAgain }: Pick<ScenarioResult, 'notes' | 'measuredAgain'>): string[] => [
  ...(measuredAgain === undefined ? [] : [`measured again, because the first run was INCONCLUSIVE: ${measuredAgain}`]),
  ...notes,
];
