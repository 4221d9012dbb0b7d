import type { Contract } from '../contract.ts';
import type { FilledText } from '../filled-texts.ts';
import { type Place, placesAt, valueAt } from '../places.ts';

/** A problem in a contract, with its location. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * The problems at a place: a message, several messages, or none. The path of a `Problem` leads from the place to a part
 * of it.
 */
type Wrong = string | Problem | undefined | readonly Wrong[];

/** A part of a contract that a rule looks at. */
interface Found<Value, Entry> {
  readonly value: Value;
  readonly path: readonly PropertyKey[];
  /** The last name in the path. */
  readonly key: string;
  /** The part two steps from the root that contains the value, such as a single breaker, and its name. */
  readonly entry: Entry;
  readonly name: string;
  readonly contract: Contract;
  /** The profile that the service will be started with. Undefined if it won't be started. */
  readonly profile: string | undefined;
}

/** Finds the places in a contract that break a rule. */
export type Rule = (contract: Contract, profile: string | undefined) => Problem[] | Promise<Problem[]>;

/** A rule is broken at each place for which `when` is true (the default) and that has a message. */
interface Content<Value, Entry> {
  when?(found: Found<Value, Entry>): boolean;
  readonly message: string | ((found: Found<Value, Entry>) => Wrong);
}

type Step<Part, Key extends string> = Part extends readonly (infer Item)[]
  ? Key extends '*'
    ? Item
    : never
  : Key extends '*'
    ? Part[keyof Part]
    : Key extends keyof Part
      ? Part[Key]
      : never;

/** The type of the values at a path such as `breakers.*.endpoint`, or never if there are none. */
type ValueAt<Part, At extends string> = At extends `${infer Key}.${infer Rest}`
  ? ValueAt<NonNullable<Step<Part, Key>>, Rest>
  : NonNullable<Step<Part, At>>;

type EntryAt<At extends string> = At extends `${infer Section}.${infer Name}.${string}`
  ? ValueAt<Contract, `${Section}.${Name}`>
  : ValueAt<Contract, At>;

/** Refuses paths that no contract has. */
type Known<At extends string> = [ValueAt<Contract, At>] extends [never] ? { readonly at: never } : unknown;

/**
 * Creates a rule about all values at a path, or at one of several paths. `*` stands for each item or entry. A place that
 * a contract doesn't have breaks no rule.
 *
 * @example
 * rule({
 *   at: 'breakers.*.endpoint',
 *   when: ({ value, contract }) => !Object.hasOwn(contract.endpoints, value),
 *   message: ({ value }) => `there is no "${value}"`,
 * });
 */
export function rule<const At extends string>(
  content: { readonly at: At | readonly At[] } & Content<ValueAt<Contract, At>, EntryAt<At>> & Known<At>,
): Rule {
  const paths: readonly string[] = typeof content.at === 'string' ? [content.at] : content.at;
  return ruleFor((contract) => paths.flatMap((at) => placesAt(contract, at)), content);
}

/** Creates a rule about texts that contain placeholders. */
export const textRule = ({
  in: texts,
  ...content
}: { in(contract: Contract): readonly FilledText[] } & Content<string, unknown>): Rule =>
  ruleFor((contract) => texts(contract).map(({ path, text }) => ({ path, value: text })), content);

function ruleFor<Value, Entry>(
  placesOf: (contract: Contract) => readonly Place[],
  { when, message }: Content<Value, Entry>,
): Rule {
  return (contract, profile) =>
    placesOf(contract).flatMap(({ path, value }) => {
      const found = {
        value: value as Value,
        path,
        key: String(path.at(-1)),
        entry: valueAt(contract, path.slice(0, 2)) as Entry,
        name: String(path[1]),
        contract,
        profile,
      };
      if (when?.(found) === false) return [];
      return problemsAt(path, typeof message === 'string' ? message : message(found));
    });
}

function problemsAt(path: readonly PropertyKey[], wrong: Wrong): Problem[] {
  if (wrong === undefined) return [];
  if (typeof wrong === 'string') return [{ path, message: wrong }];
  if ('message' in wrong) return [{ path: [...path, ...wrong.path], message: wrong.message }];
  return wrong.flatMap((part) => problemsAt(path, part));
}

/** Returns what is wrong if the name is unknown. */
export function missing(name: string, known: object): string | undefined {
  if (Object.hasOwn(known, name)) return undefined;
  const names = Object.keys(known);
  const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : '';
  return `there is no "${name}"; allowed: ${names.slice(0, SHOWN).join(', ') || 'none'}${more}`;
}

/** Maximum number of known names to list. */
const SHOWN = 20;
