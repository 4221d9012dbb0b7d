import type { Contract } from './contract.ts';
import type { FilledText } from './filled-texts.ts';

/** Returns all texts in a contract's endpoints, including the names of fields. They may contain placeholders. */
export const requestTexts = ({ endpoints }: Pick<Contract, 'endpoints'>): FilledText[] =>
  Object.entries(endpoints).flatMap(([name, endpoint]) => textsIn(endpoint, ['endpoints', name]));

function textsIn(part: unknown, path: readonly PropertyKey[]): FilledText[] {
  if (typeof part === 'string') return [{ path, text: part }];
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => [
    ...(Array.isArray(part) ? [] : [{ path: [...path, name], text: name }]),
    ...textsIn(value, [...path, name]),
  ]);
}
