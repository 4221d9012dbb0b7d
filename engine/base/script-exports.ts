/** A script's exports by name. */
export type ScriptExports = Readonly<Record<string, unknown>>;
