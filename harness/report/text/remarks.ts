import type { ScenarioResult } from '../../verdict/run-result.ts';

/** Returns sentences about a scenario's result that a reader needs in addition to its checks. */
export const remarksIn = ({ notes = [], measuredAgain }: Pick<ScenarioResult, 'notes' | 'measuredAgain'>): string[] => [
  ...(measuredAgain === undefined ? [] : [`measured again, because the first run was INCONCLUSIVE: ${measuredAgain}`]),
  ...notes,
];

/** Returns the checks of a scenario that have nothing to judge in this contract, with the reasons. */
export const notApplicableIn = ({ notApplicable = [] }: Pick<ScenarioResult, 'notApplicable'>): string[] =>
  [...Map.groupBy(notApplicable, ({ reason }) => reason)].map(
    ([reason, of]) => `${of.map(({ checker }) => checker).join(', ')}, because ${reason}`,
  );
