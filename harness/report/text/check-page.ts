import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../../package.json' with { type: 'json' };

const ROOT = new URL('../../../', import.meta.url);

/** The path of a checker's page within the package, or undefined if it has none, as a team's own. */
function pageOf(checker: string | undefined): string | undefined {
  const path = `docs/checks/${checker}.md`;
  return checker !== undefined && existsSync(new URL(path, ROOT)) ? path : undefined;
}

/** Returns the path of the page that explains a checker, from the working directory. */
export function checkPagePath(checker: string | undefined): string | undefined {
  const page = pageOf(checker);
  return page === undefined ? undefined : relative('', fileURLToPath(new URL(page, ROOT)));
}

/**
 * Returns the address of the page that explains a checker, for a report that is read on any machine. undefined if there
 * is none.
 *
 * @param home The home page of the package. Defaults to the one in its manifest.
 */
export function checkPageUrl(
  checker: string | undefined,
  home = (manifest as { homepage?: string }).homepage,
): string | undefined {
  const page = pageOf(checker);
  return page === undefined || home === undefined ? undefined : `${home.replace(/#.*$/, '')}/blob/main/${page}`;
}
