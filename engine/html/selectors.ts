import { GoError, USE_K6 } from '../base/errors.ts';
import { orNothing } from '../base/or-nothing.ts';

/** Selectors of css-select and jQuery that k6 doesn't support. In k6 they match nothing. */
const NAMES =
  `first last eq nth gt lt even odd header parent selected button checkbox file image password radio reset submit text
  icontains is where scope any-link`.split(/\s+/);
const UNKNOWN = new RegExp(`:(?:${NAMES.join('|')})(?![\\w-])`, 'i');

/** Selectors with regular expressions, which only k6 supports. */
const OF_K6 = /:matches(?:Own)?\(|:containsOwn\(|:haschild\(|#=/i;

/**
 * Selects elements the way k6 does: an invalid selector matches nothing.
 *
 * @throws GoError for selectors that k6 supports and the engine does not
 */
export function withSelector<T>(selector: string, select: () => T, nothing: T): T {
  if (OF_K6.test(selector)) {
    throw new GoError(`the selector '${selector}' is not available in the embedded engine: ${USE_K6}`);
  }
  if (selector.trim() === '' || UNKNOWN.test(selector)) return nothing;
  return orNothing(select) ?? nothing;
}
