import type { Problem } from './dangling-names.ts';

const NAME = '__proto__';

/** Finds entries that would get lost, because JavaScript objects treat the name `__proto__` differently. */
export function lostEntries(value: unknown, path: readonly PropertyKey[] = [], seen = new Set<unknown>()): Problem[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const found = Object.hasOwn(value, NAME) || isInherited(value) ? [{ path: [...path, NAME], message: MESSAGE }] : [];
  const others = Object.entries(value).filter(([name]) => name !== NAME);
  return [...found, ...others.flatMap(([name, part]) => lostEntries(part, [...path, name], seen))];
}

const MESSAGE = `${NAME} can't be the name of anything in a contract; to send it in a body, use \`text\``;

/** Whether an object has entries from another one, which `{ __proto__: { … } }` in a module does. */
function isInherited(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype !== null && !Object.hasOwn(prototype, 'constructor');
}
