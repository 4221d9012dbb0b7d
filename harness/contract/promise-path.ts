/**
 * The path of a promise in a contract: the names from its root to the field, such as `['breakers', 'llm', 'refusal']`.
 * Numbers are in `['profiles', '*', …]`, where "*" is the profile of the run.
 */
export type PromisePath = readonly string[];

/** Returns the path of a number in the profile of the run. */
export const numberAt = (...names: string[]): PromisePath => ['profiles', '*', ...names];

/** Returns a path as in the file if the numbers come from a profile other than that of the run. */
export const inProfile = (path: PromisePath, profile: string | undefined): PromisePath =>
  profile !== undefined && path[0] === 'profiles' && path[1] === '*' ? ['profiles', profile, ...path.slice(2)] : path;

/** Returns a text for a path that no other path has. */
export const keyOf = (path: PromisePath): string => JSON.stringify(path);
