import type { ScenarioResult } from '../../verdict/run-result.ts';

/** Returns what a reader of a scenario's result must know beside its checks, in sentences. */
export const remarksIn = ({ notes = [], measuredAgain }: Pick<ScenarioResult, 'notes' | 'measuredAgain'>): string[] => [
  ...(measuredAgain === undefined ? [] : [`measured again, because the first run was INCONCLUSIVE: ${measuredAgain}`]),
  ...notes,
];

/** Returns the checks of a scenario that have nothing to judge in this contract, with the reasons. */
export const notApplicableIn = ({ notApplicable = [] }: Pick<ScenarioResult, 'notApplicable'>): string[] =>
  [...Map.groupBy(notApplicable, ({ reason }) => reason)].map(
    ([reason, of]) => `${of.map(({ checker }) => checker).join(', ')}, because ${reason}`,
  );
