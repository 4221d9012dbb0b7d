/**
 * The place of a promise in a contract: the names from its root to the field, such as `['breakers', 'llm', 'refusal']`.
 * Numbers are in `['profiles', '*', …]`, where "*" is the profile of the run.
 */
export type PromisePath = readonly string[];
