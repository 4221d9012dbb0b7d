/** The exports of a k6 module, including `default`. */
export type ModuleExports = Readonly<Record<string, unknown>>;
