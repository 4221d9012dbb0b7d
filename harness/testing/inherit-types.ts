const HOOK = new URL('../../bin/strip-types.js', import.meta.url).href;

/**
 * Lets child processes read the TypeScript of this package, if it is installed: Node erases types everywhere but under
 * node_modules.
 */
export function inheritTypes(): void {
  const { NODE_OPTIONS = '' } = process.env;
  if (!HOOK.includes('/node_modules/') || NODE_OPTIONS.includes(HOOK)) return;
  process.env.NODE_OPTIONS = `${NODE_OPTIONS} --import=${HOOK}`.trim();
}
