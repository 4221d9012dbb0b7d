/**
 * The place of a promise in a contract: the names from its root to the field, such as `['breakers', 'llm', 'refusal']`.
 * Numbers are in `['profiles', '*', …]`, where "*" is the profile of the run.
 */
export type PromisePath = readonly string[];

/** Returns a path as it is in the file if the numbers come from another profile than the one of the run. */
export const inProfile = (path: PromisePath, profile: string | undefined): PromisePath =>
  profile !== undefined && path[0] === 'profiles' && path[1] === '*' ? ['profiles', profile, ...path.slice(2)] : path;

/** Returns a text for a path that no other path has. */
export const keyOf = (path: PromisePath): string => JSON.stringify(path);
