import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Returns the path of the main module of one of this package's programs. It is a bundle, which starts in half the
 * processor time, if `PROOFLOAD_BUNDLES` names the folder of the bundles, as the Makefile does.
 */
export function mainOf(program: 'engine' | 'mocks' | 'service'): string {
  const { PROOFLOAD_BUNDLES: bundles } = process.env;
  if (bundles) return join(bundles, program, 'main.js');
  return fileURLToPath(new URL(`../../${program}/main.ts`, import.meta.url));
}
