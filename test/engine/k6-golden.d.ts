/** The golden records' own modules are plain JavaScript. */
declare module '*/k6-golden/compare.mjs' {
  export function differences(expected: unknown, actual: unknown): string[];
}
declare module '*/k6-golden/reduce.mjs' {
  export function reduce(run: object): unknown;
}
declare module '*/k6-golden/target.mjs' {
  export function startTarget(options?: { port?: number }): Promise<{ url: string; close(): Promise<void> }>;
}
