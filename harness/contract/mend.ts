import type { z } from 'zod';
import { nearest } from '../base/nearest.ts';
import { valueAt } from './places.ts';
import type { Problem } from './rules/rule.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];
type Parse<Output> = (value: unknown) => z.ZodSafeParseResult<Output>;

/** A contract whose invalid parts were replaced or left out, so that its rules can examine the rest as well. */
export interface Mended<Output> {
  /** Undefined if it could not be mended. */
  readonly output: Output | undefined;
  /** Everything that the schema rejects, including what only shows once other parts are valid. */
  readonly problems: readonly Problem[];
  /** Whether a problem that was found in the output is certainly one of the contract, and not of a replaced part. */
  isOriginal(problem: Problem): boolean;
}

/** Repairing stops after this many rounds. Each round repairs all parts that are invalid at that time. */
const MOST_ROUNDS = 30;

/** Makes a contract valid that its schema rejects, by changing as little as possible. */
export function mend<Output>(value: unknown, issues: readonly Issue[], parse: Parse<Output>): Mended<Output> {
  const problems: Issue[] = [...issues];
  const changed = new Changed(value);
  const isOriginal = (problem: Problem) => changed.isUnrelated(problem);
  const tries = new Map<string, number>();
  let [mended, invalid] = [value, issues];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = mended;
    for (const issue of invalid) {
      const key = JSON.stringify(issue.path.map(String));
      const nth = tries.get(key) ?? 0;
      tries.set(key, nth + 1);
      for (const { path, to } of changesFor(issue, nth)) {
        changed.add(path, [valueAt(mended, path), to], issue.code === 'unrecognized_keys');
        mended = withValue(mended, path, to);
      }
    }
    if (mended === before) break;
    const parsed = parse(mended);
    if (parsed.success) return { output: parsed.data, problems, isOriginal };
    invalid = parsed.error.issues;
    problems.push(...invalid.filter(isOriginal));
  }
  return { output: undefined, problems, isOriginal };
}

/** How the message about a name begins that is not there. */
const NO_SUCH_NAME = 'there is no ';

/** Sections whose entries are referenced elsewhere. Without such a section, rules would report problems everywhere. */
const REFERRED: readonly PropertyKey[] = [
  'upstreams',
  'environment',
  'conditions',
  'endpoints',
  'breakers',
  'profiles',
];

/** The parts of a contract that were changed, and everything that refers to them. */
class Changed {
  readonly #contract: unknown;
  readonly #paths: Path[] = [];
  readonly #names = new Set<string>();
  /** Names that the schema doesn't know. They may be misspellings of missing fields. */
  readonly #unknown = new Set<string>();

  constructor(contract: unknown) {
    this.#contract = contract;
  }

  add(path: Path, values: readonly unknown[], isUnknown: boolean): void {
    for (const name of [...path.slice(path.length > 1 ? 1 : 0).map(String), ...values.flatMap(wordsIn)])
      this.#names.add(name);
    if (isUnknown) this.#unknown.add(String(path.at(-1)));
    else this.#paths.push(path);
  }

  /** Whether a problem would certainly be there without the changes. */
  isUnrelated({ path, message }: Problem): boolean {
    const [statement = ''] = message.split(';');
    if (this.#paths.some((replaced) => isWithin(path, replaced)) || wordsIn(statement).some(this.#isMeant))
      return false;
    if (this.#paths.some(([section = '', entry]) => entry === undefined && REFERRED.includes(section))) return false;
    return statement.startsWith(NO_SUCH_NAME) || !this.#refersToChanges(path);
  }

  readonly #isMeant = (word: string): boolean =>
    this.#names.has(word) || nearest(word, [...this.#unknown]) !== undefined;

  /** Whether the entry at a path, such as an endpoint, refers to a changed one, or to an entry that does. */
  #refersToChanges(path: Path): boolean {
    const entries = Object.entries(this.#contract ?? {}).flatMap(([section, entry]) =>
      Object.entries(entry ?? {}).map(([name, part]) => ({ section, name, words: wordsIn(part) })),
    );
    const related = new Set(this.#names);
    const refers = new Set<string>();
    for (let known = -1; known < refers.size; ) {
      known = refers.size;
      for (const { section, name, words } of entries) {
        if (!related.has(name) && !words.some((word) => related.has(word))) continue;
        refers.add(`${section}.${name}`);
        related.add(name);
      }
    }
    return refers.has(path.slice(0, 2).join('.')) || related.has(String(path[0]));
  }
}

interface Change {
  readonly path: Path;
  /** Undefined to leave the value out. */
  readonly to: unknown;
}

/**
 * Returns a possible repair of an issue. A part that is still invalid after the first try is removed, then the part
 * that contains it.
 */
function changesFor(issue: Issue, nth: number): Change[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...issue.path, key], to: undefined }));
  const valid = nth === 0 ? validFor(issue) : undefined;
  const path = issue.path.slice(0, Math.max(1, issue.path.length - Math.max(0, nth - 1)));
  if (path.length === 0) return [];
  const [section] = path.length === 1 && nth > 0 ? path : [];
  return [{ path, to: section === undefined ? valid : SMALLEST[String(section)] }];
}

/** Returns a value that the schema probably accepts. */
function validFor(issue: Issue): unknown {
  if (issue.code === 'invalid_value') return issue.values[0];
  if (issue.code === 'invalid_type') return OF_TYPE[issue.expected];
  if (issue.code === 'too_small' && isNumber(issue.origin)) return Number(issue.minimum) + (issue.inclusive ? 0 : 1);
  if (issue.code === 'too_big' && isNumber(issue.origin)) return Number(issue.maximum) - (issue.inclusive ? 0 : 1);
  if (issue.code === 'invalid_format' && 'prefix' in issue) return issue.prefix;
  return undefined;
}

const isNumber = (origin: string): boolean => origin === 'number' || origin === 'int';

const OF_TYPE: Readonly<Record<string, unknown>> = {
  string: 'x',
  number: 1,
  int: 1,
  boolean: true,
  // Most lists can't be empty. If the item is invalid, it is mended next.
  array: ['x'],
  object: {},
  record: {},
};

/** The required parts of a contract. */
const SMALLEST: Readonly<Record<string, unknown>> = {
  name: 'x',
  start: { command: ['x'], readyPath: '/', readySeconds: 1 },
  endpoints: {},
  profiles: { fast: {} },
};

/** Whether a path leads to a part, or to what contains it. */
const isWithin = (path: Path, part: Path): boolean =>
  part.every((key, index) => index >= path.length || String(path[index]) === String(key));

/** Returns the words of a text, or of all keys and texts in a value. */
function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.match(/[\w.-]+/g) ?? [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...(Array.isArray(value) ? [] : [key]), ...wordsIn(inner)]);
}

const asRecord = (value: unknown): Readonly<Record<PropertyKey, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>) : {};

/** Returns a copy with another value at a path, or without it. */
function withValue(value: unknown, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value)) {
    const items = value.map((item, index) => (index === Number(key) ? withValue(item, rest, to) : item));
    return rest.length === 0 && to === undefined ? items.toSpliced(Number(key), 1) : items;
  }
  const { [key]: old, ...others } = asRecord(value);
  const changed = withValue(old, rest, to);
  return changed === undefined ? others : { ...others, [key]: changed };
}
