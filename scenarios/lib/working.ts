const broken = new Set<string>();

/** Notes that an endpoint was not served before anything was broken. A scenario then leaves it out. */
export function noteBroken(endpoint: string): void {
  broken.add(endpoint);
}

/** Whether an endpoint was served before anything was broken, as far as `steady` has found out. */
export const isWorking = (endpoint: string): boolean => !broken.has(endpoint);

/** Returns those whose endpoint was served before anything was broken. */
export const working = <Of extends { readonly endpoint: string }>(all: readonly Of[]): Of[] =>
  all.filter(({ endpoint }) => isWorking(endpoint));

/** Returns one of the endpoints that work, in turn, or one of all if none does. */
export function nth(names: readonly string[], index: number): string {
  const all = names.some(isWorking) ? names.filter(isWorking) : names;
  return all[index % all.length] as string;
}
