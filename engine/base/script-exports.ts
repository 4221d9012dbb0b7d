/** The exports of a script, by name. */
export type ScriptExports = Readonly<Record<string, unknown>>;
