/** The golden records' own modules are plain JavaScript. */
declare module '*/k6-golden/compare.mjs' {
  export function differences(expected: unknown, actual: unknown): string[];
}
declare module '*/k6-golden/reduce.mjs' {
  export const TIME_METRICS: readonly string[];
  export function reduce(run: object): {
    readonly stdout: string;
    readonly console: readonly { readonly level: string; readonly msg: string }[];
    readonly log: readonly { readonly level: string; readonly msg: string }[];
    readonly jsonPoints: Readonly<Record<string, unknown>>;
  };
}
declare module '*/k6-golden/target.mjs' {
  export function startTarget(options?: { port?: number }): Promise<{ url: string; close(): Promise<void> }>;
}
