import { decoded } from '../../upstream/route.ts';
import { type OpenApiDocument, type PathItem, resolveRef, type Server } from './document.ts';

/**
 * Finds the path items for a request path, best match first: `/users/me` comes before `/users/{id}`. Several items may
 * have equivalent paths and different methods.
 */
export type FindPaths = (pathname: string) => PathItem[];

interface Node {
  readonly fixed: Map<string, Node>;
  /** The segments with parameters, sorted by the number of fixed characters in descending order. */
  readonly templates: { readonly segment: string; readonly pattern: RegExp; readonly node: Node }[];
  readonly items: PathItem[];
}

/**
 * Returns a function that finds paths below the base paths of the document's servers. Fixed segments take precedence
 * over parameters.
 */
export function pathTable(document: OpenApiDocument): FindPaths {
  const root = newNode();
  for (const [path, documented] of Object.entries(document.paths ?? {})) {
    const item = resolveRef(document, documented) ?? {};
    const { servers = document.servers } = item;
    for (const base of basePaths(servers, document.basePath)) nodeOf(root, base + path).items.push(item);
  }
  return (pathname) => [...matches(root, pathname.slice(1).split('/'), 0)];
}

const newNode = (): Node => ({ fixed: new Map(), templates: [], items: [] });

function nodeOf(root: Node, path: string): Node {
  // Some documents distinguish operations on the same path by a query or a fragment.
  const [pathname = ''] = path.split(/[?#]/);
  return pathname.slice(1).split('/').reduce(childOf, root);
}

function childOf({ fixed, templates }: Node, documented: string): Node {
  if (!documented.includes('{')) {
    const name = decoded(documented);
    const node = fixed.get(name) ?? newNode();
    fixed.set(name, node);
    return node;
  }
  const segment = documented.replaceAll(PARAMETERS, '{}');
  const known = templates.find((template) => template.segment === segment);
  if (known) return known.node;
  const node = newNode();
  templates.push({ segment, pattern: patternOf(segment), node });
  templates.sort((a, b) => b.segment.length - a.segment.length);
  return node;
}

function* matches({ fixed, templates, items }: Node, segments: readonly string[], index: number): Iterable<PathItem> {
  const segment = segments[index];
  if (segment === undefined) return yield* items;
  const name = decoded(segment);
  const below = fixed.get(name);
  if (below) yield* matches(below, segments, index + 1);
  for (const { pattern, node } of templates) if (pattern.test(name)) yield* matches(node, segments, index + 1);
}

const PARAMETERS = /\{[^{}]*\}/g;

const patternOf = (segment: string): RegExp => new RegExp(`^${segment.split('{}').map(RegExp.escape).join('(.+)')}$`);

/** Returns the servers' base paths, without a trailing slash, or `['']` if there are no servers. */
function basePaths(servers: readonly Server[] = [], basePath = ''): string[] {
  const paths = servers.map(({ url, variables = {} }) => {
    const filled = url.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => String(variables[name]?.default ?? name));
    return URL.canParse(filled, ANY) ? new URL(filled, ANY).pathname : '';
  });
  return [...new Set((paths.length > 0 ? paths : [basePath]).map((path) => path.replace(/\/$/, '')))];
}

/** Servers may have relative URLs, which are resolved against this one. */
const ANY = 'http://localhost/';
