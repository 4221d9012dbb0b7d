import { GoError } from '../base/errors.ts';

/** Of css-select and jQuery, and unknown to k6: it takes them for a selector that selects nothing. */
const UNKNOWN = new RegExp(
  `:(?:${[
    ...[
      'first',
      'last',
      'eq',
      'nth',
      'gt',
      'lt',
      'even',
      'odd',
      'header',
      'parent',
      'selected',
      'button',
      'checkbox',
      'file',
    ],
    ...['image', 'password', 'radio', 'reset', 'submit', 'text', 'icontains', 'is', 'where', 'scope', 'any-link'],
  ].join('|')})(?![\\w-])`,
  'i',
);

/** Of k6 alone: regular expressions. */
const OF_K6 = /:matches(?:Own)?\(|:containsOwn\(|:haschild\(|#=/i;

/**
 * Selects by a selector as k6 does: one that it can't read selects nothing.
 *
 * @throws GoError for what k6 has and the engine does not.
 */
export function withSelector<T>(selector: string, select: () => T, nothing: T): T {
  if (OF_K6.test(selector)) {
    throw new GoError(
      `the selector '${selector}' is not available in the embedded engine: run this script with k6 itself`,
    );
  }
  if (selector.trim() === '' || UNKNOWN.test(selector)) return nothing;
  try {
    return select();
  } catch {
    return nothing;
  }
}
