export const JSON_TYPE = 'application/json';

/** Whether a media type, or a wildcard for any type, is JSON. */
export const isJson = (type: string): boolean => /^[^;]*[/+]json\b/i.test(type) || isAny(type);

/** Returns the type to send for a documented type, which may contain a wildcard. */
export const concreteType = (type: string): string => (isAny(type) ? JSON_TYPE : type.replace('/*', '/plain'));

/**
 * Returns the first content that the client accepts according to its `Accept` header, ignoring weights. Otherwise
 * returns the first content.
 */
export function firstAccepted<Content extends { readonly type: string }>(
  contents: readonly Content[],
  accept: string | null,
): Content | undefined {
  if (contents.length < 2 || accept === null) return contents[0];
  const ranges = accept.split(',').filter((range) => !/;\s*q=0(\.0*)?\s*(;|$)/.test(range));
  return contents.find(({ type }) => ranges.some((range) => overlap(bare(range), bare(type)))) ?? contents[0];
}

const isAny = (type: string): boolean => /^(\*|application)\/\*/.test(type);

function overlap(a: string, b: string): boolean {
  if (a === b || a === '*/*' || b === '*/*') return true;
  return (a.endsWith('/*') || b.endsWith('/*')) && family(a) === family(b);
}

const bare = (type: string): string => type.split(';', 1)[0]?.trim().toLowerCase() ?? '';

const family = (type: string): string => type.split('/', 1)[0] ?? '';
