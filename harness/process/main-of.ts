import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../', import.meta.url);

/** The programs that the package contains as bundles (`bin/rolldown.config.js`). */
const PACKED = ['engine'];

/**
 * Returns the path of the main module of one of this package's programs. It is a bundle, which starts in half the
 * processor time, in an installed package, and if `PROOFLOAD_BUNDLES` names the folder of the bundles, as the Makefile
 * does. Elsewhere, a bundle could be older than its sources.
 */
export function mainOf(program: 'engine' | 'mocks' | 'service', root = ROOT): string {
  const { PROOFLOAD_BUNDLES: bundles } = process.env;
  if (bundles) return join(bundles, program, 'main.js');
  const isPacked = PACKED.includes(program) && root.pathname.includes('/node_modules/');
  return fileURLToPath(new URL(isPacked ? `bundles/${program}/main.js` : `${program}/main.ts`, root));
}
