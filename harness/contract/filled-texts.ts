import type { Contract } from './contract.ts';
import { placesAt } from './places.ts';

/** A text in a contract in which the lab or a script replaces `${…}`, with its path. */
export interface FilledText {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

const COMMANDS = ['start.command.*', 'start.workers.*.*'];
/** The command that runs once, before the service is started. */
const MIGRATE = 'database.migrate.*';
const FILES_AND_SETTINGS = ['files.*', 'environment.*', 'conditions.*.*', 'profiles.*.environment.*'];

/** Returns all words in the commands of the service and its workers. */
export const commandWords = (start: Contract['start']): FilledText[] => textsAt({ start }, COMMANDS);

/** Returns all words in the commands, all files, and the settings in all conditions and profiles. */
export const filledTexts = (contract: Contract): FilledText[] =>
  textsAt(contract, [...COMMANDS, MIGRATE, ...FILES_AND_SETTINGS]);

const textsAt = (contract: object, paths: readonly string[]): FilledText[] =>
  paths.flatMap((at) => placesAt(contract, at)).map(({ path, value }) => ({ path, text: String(value) }));

/** Returns all texts in a contract's endpoints, including the names of fields, and in the headers of budgets. They may contain placeholders. */
export const requestTexts = ({ endpoints, budgets }: Pick<Contract, 'endpoints' | 'budgets'>): FilledText[] => [
  ...Object.entries(endpoints).flatMap(([name, endpoint]) => textsIn(endpoint, ['endpoints', name])),
  ...textsAt({ budgets }, ['budgets.*.headers.*']),
];

function textsIn(part: unknown, path: readonly PropertyKey[]): FilledText[] {
  if (typeof part === 'string') return [{ path, text: part }];
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => [
    ...(Array.isArray(part) ? [] : [{ path: [...path, name], text: name }]),
    ...textsIn(value, [...path, name]),
  ]);
}
