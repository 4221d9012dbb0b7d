import { posix } from 'node:path';
import type { Code } from './code.ts';
import { type Call, isWithin, lastOf, type Module, type Range, type Value } from './syntax.ts';

/** A route that the code declares. */
export interface Route {
  readonly method: string;
  /** With parameters as `{id}`. */
  readonly path: string;
  readonly module: Module;
  readonly range: Range;
  /** The handlers, the last of which responds. */
  readonly handlers: readonly Value[];
  /** The function with a decorator for this route. */
  readonly decorated?: Module['functions'][number] | undefined;
  readonly call: Call;
}

interface Mount {
  readonly module: Module;
  readonly receiver: string;
  readonly prefix: string;
  readonly range: Range;
  readonly target: Value | undefined;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
/** What creates an application or a router. */
const CREATORS =
  /(^|\.)(express|Router|fastify|Fastify|Hono|OpenAPIHono|KoaRouter|polka|restify\.createServer|FastAPI|APIRouter|Flask|Blueprint|Quart|Starlette|NewServeMux|NewRouter|NewMux|Default|New|Group|Engine)$/;
const NAMES =
  /^(app|application|server|fastify|router|routes?|api|instance|mux|e|r|g|v\d|bp|blueprint|\w*(router|Router|routes|Routes|_bp|Mux|mux|app|App|Group|group))$/;
/** What looks like a router, but sends requests. */
const CLIENTS = /^(axios|http|https|client|fetch|request|got|ky|requests|httpx|session|undici|agent|nock|supertest)$/;

/** Returns the routes of a service, with the prefixes of their routers. */
export function routesOf(code: Code): Route[] {
  const mounts = code.modules.flatMap((module) => module.calls.flatMap((call) => mountOf(call, module)));
  const found = code.modules.flatMap((module) => module.calls.flatMap((call) => routesIn(code, call, module)));
  const whole = found.map(({ receiver, ...route }) => ({
    ...route,
    path: pathOf(`${prefixOf(mounts, { ...route, receiver })}/${route.path}`),
  }));
  const isNew = new Set<string>();
  return whole.filter(({ method, path }) => !isNew.has(`${method} ${path}`) && isNew.add(`${method} ${path}`));
}

/** Returns a path without doubled slashes, and with parameters as `{id}`. */
const pathOf = (joined: string): string =>
  `/${joined}`
    .replace(/\/{2,}/g, '/')
    .replace(/(.)\/$/, '$1')
    .replace(/<(?:\w+:)?(\w+)>/g, '{$1}')
    .replace(/(?<!\{\w*):(\w+)(\([^)]*\))?\??/g, '{$1}')
    .replace(/\{(\w+)[:.][^}]*\}/g, '{$1}')
    .replace(/\{\$\}$/, '');

type Found = Route & { readonly receiver: string };

function routesIn(code: Code, call: Call, module: Module): Found[] {
  const receiver = call.callee.includes('.') ? call.callee.slice(0, call.callee.lastIndexOf('.')) : '';
  const word = lastOf(call.callee);
  const first = textOf(code, call.args[0] ?? call.named.path, module);
  const decorated = module.functions.find(({ decorators }) =>
    decorators.some(({ from, to }) => from === call.from && to === call.to),
  );
  const route = (method: string, path: string, handlers: readonly Value[] = call.args.slice(1)): Found => ({
    method: method.toUpperCase(),
    path,
    module,
    range: decorated ?? call,
    handlers,
    decorated,
    call,
    receiver,
  });
  const methodsOf = (value: Value | undefined): string[] => {
    const items = value?.is === 'list' ? value.items : value ? [value] : [];
    return items
      .flatMap((item) => textOf(code, item, module) ?? [])
      .filter((name) => METHODS.includes(name.toLowerCase()));
  };
  // NestJS: `@Post('path')` on a method.
  if (decorated && receiver === '') return /^(Get|Post|Put|Patch|Delete)$/.test(word) ? [route(word, first ?? '')] : [];
  if (receiver === '') return [];
  // Gorilla: `r.HandleFunc("/x", h).Methods("POST")`.
  if (word === 'Methods' && /\.(HandleFunc|Handle)\(\)$/.test(receiver)) {
    const inner = module.calls.find(
      ({ from, to, callee }) => from === call.from && to < call.to && /\.(HandleFunc|Handle)$/.test(callee),
    );
    const path = inner && textOf(code, inner.args[0], module);
    if (path === undefined || !inner) return [];
    const outer = inner.callee.slice(0, inner.callee.lastIndexOf('.'));
    return call.args
      .flatMap((arg) => methodsOf(arg))
      .map((method) => ({ ...route(method, path, inner.args.slice(1)), receiver: outer }));
  }
  // Express: `router.route('/x').post(h)`.
  const chained = METHODS.includes(word) ? /^(.*)\.route\(\)/.exec(receiver) : null;
  if (chained) {
    const inner = module.calls.find(
      ({ from, to, callee }) => from === call.from && to < call.to && callee.endsWith('.route'),
    );
    const path = inner && textOf(code, inner.args[0], module);
    return path === undefined ? [] : [{ ...route(word, path, call.args), receiver: chained[1] ?? '' }];
  }
  // Fastify: `route({ method, url, handler })`.
  const [options] = call.args;
  if (word === 'route' && options?.is === 'record') {
    const path = textOf(code, options.fields.url ?? options.fields.path, module);
    return path === undefined
      ? []
      : methodsOf(options.fields.method).map((method) =>
          route(method, path, [options, ...(options.fields.handler ? [options.fields.handler] : [])]),
        );
  }
  if (first === undefined || (CLIENTS.test(lastOf(receiver)) && !/^(HandleFunc|Handle)$/.test(word))) return [];
  if (word === 'HandleFunc' || word === 'Handle') {
    if (module.calls.some(({ callee, from }) => from === call.from && /\)\.Methods$/.test(callee))) return [];
    const [, named, path = ''] = /^(?:([A-Z]+)\s+)?[^/]*(\/.*)$/.exec(first) ?? [];
    if (path === '') return [];
    const methods = named ? [named] : methodsInHandler(code, call.args.at(-1), module);
    return methods.map((method) => route(method, path));
  }
  const isRouter = isRouterNamed(code, receiver, module) || isPlugin(receiver, call, module);
  if (!isRouter || !(first === '' || first.startsWith('/'))) return [];
  // Express: `router.route('/x').get(h)` is not resolved, Flask: `@app.route('/x', methods=['POST'])`.
  if (word === 'route' && decorated)
    return (call.named.methods ? methodsOf(call.named.methods) : ['GET']).map((method) => route(method, first));
  if (word === 'api_route' || word === 'add_api_route')
    return methodsOf(call.named.methods).map((method) => route(method, first));
  const method = METHODS.find((name) => name === word.toLowerCase());
  // A getter of Express such as `app.get('name')` has no handler.
  return method && (decorated || call.args.length > 1) ? [route(method, first)] : [];
}

/** Returns the methods that a handler in Go checks for. Without any, it serves GET. */
function methodsInHandler(code: Code, handler: Value | undefined, module: Module): string[] {
  const found = code.functionOf(handler, module);
  const text = found ? found.module.text.slice(found.range.from, found.range.to) : '';
  const named = [...text.matchAll(/Method\s*[!=]=\s*(?:http\.Method(\w+)|"([A-Z]+)")|case http\.Method(\w+)/g)];
  const methods = named.map(([, constant, quoted, listed]) => (constant ?? quoted ?? listed ?? '').toLowerCase());
  const known = METHODS.filter((method) => methods.includes(method));
  return known.length > 0 ? known : ['get'];
}

function isRouterNamed(code: Code, receiver: string, module: Module): boolean {
  // `r.With(limit).Post(…)`
  const name = lastOf(receiver.replace(/\(\).*$/, '').replace(/\.(With|use|Use)$/, ''));
  const found = module.definitions.find((defined) => defined.name === receiver || defined.name === name)?.value;
  if (found?.is === 'call')
    return (
      CREATORS.test(found.callee.replaceAll('()', '')) ||
      (NAMES.test(name) && !/create\b|axios|got|Client/.test(found.callee))
    );
  if (NAMES.test(name)) return true;
  const resolved = code.resolve(name, module)?.value;
  return resolved?.is === 'call' && CREATORS.test(resolved.callee.replaceAll('()', ''));
}

/** Whether a name is the first parameter of an exported function that gets the application, as plugins of Fastify do. */
const isPlugin = (receiver: string, call: Call, { functions }: Module): boolean =>
  functions.some(
    (declared) =>
      isWithin(call, declared) &&
      declared.fields[0]?.name === receiver &&
      (/Fastify|Express|Router|Hono|Application/.test(declared.fields[0].type) ||
        /^(default|module\.exports)/.test(declared.name)),
  );

const textOf = (code: Code, value: Value | undefined, module: Module): string | undefined => {
  const known = value && code.evaluate(value, module).value;
  return typeof known === 'string' ? known : undefined;
};

/** Returns where a call adds a prefix to routes. */
function mountOf(call: Call, module: Module): Mount[] {
  const receiver = call.callee.includes('.') ? call.callee.slice(0, call.callee.lastIndexOf('.')) : '';
  const word = lastOf(call.callee);
  const constant = (value: Value | undefined) => (value?.is === 'constant' ? String(value.constant) : undefined);
  const mount = (prefix: string | undefined, target: Value | undefined): Mount[] =>
    prefix === undefined ? [] : [{ module, receiver, prefix, range: call, target }];
  const [first, second] = call.args;
  switch (word) {
    case 'use': // Express
    case 'Route': // chi
    case 'Mount':
      return mount(constant(first), call.args.at(-1));
    case 'route': // Hono
      return second ? mount(constant(first), second) : [];
    case 'register': // Fastify
      return second?.is === 'record' ? mount(constant(second.fields.prefix), first) : [];
    case 'include_router':
      return mount(constant(call.named.prefix), first);
    case 'register_blueprint':
      return mount(constant(call.named.url_prefix), first);
    case 'Group': // gin, echo, fiber; chi's has no prefix
    case 'APIRouter':
    case 'Blueprint':
    case 'basePath': {
      const prefix = word === 'APIRouter' ? call.named.prefix : word === 'Blueprint' ? call.named.url_prefix : first;
      const defined = module.definitions.find(({ value }) => value.from === call.from && value.to === call.to);
      if (first?.is === 'function') return [];
      return defined ? mount(constant(prefix), { ...call, is: 'name', name: defined.name }) : [];
    }
    case 'PathPrefix': {
      const defined = module.definitions.find(({ value }) => value.from === call.from && value.to >= call.to);
      return defined ? mount(constant(first), { ...call, is: 'name', name: defined.name }) : [];
    }
    case 'Controller': {
      const owner = module.classes.find(({ decorators }) => decorators.some(({ from }) => from === call.from));
      return owner
        ? [
            {
              module,
              receiver: '',
              prefix: constant(first) ?? '',
              range: call,
              target: { from: owner.from, to: owner.to, is: 'function' },
            },
          ]
        : [];
    }
    default:
      return [];
  }
}

/** Returns the prefix of a route: that of the mount that applies to it, after the prefix of the mount itself. */
function prefixOf(
  mounts: readonly Mount[],
  { module, range, receiver }: Pick<Mount, 'module' | 'range' | 'receiver'>,
  depth = 0,
): string {
  if (depth > 6) return '';
  const applying = mounts.filter(
    (mount) => !isSame(mount, { module, range }) && applies(mount, { module, range, receiver }),
  );
  const parts = applying.map((mount) => {
    const isOwn =
      mount.target?.is === 'name' && mount.module === module && mount.target.name === receiver && isCreated(mount);
    return { isOwn, mount };
  });
  // A router may have its own prefix and get another where it is mounted.
  const own = parts.find(({ isOwn }) => isOwn)?.mount;
  const outer = parts.findLast(({ isOwn }) => !isOwn)?.mount;
  const above = outer ? prefixOf(mounts, outer, depth + 1) + outer.prefix : '';
  if (!own) return above;
  return (outer ? above : prefixOf(mounts, { ...own, range: own.range }, depth + 1)) + own.prefix;
}

const isSame = (mount: Mount, { module, range }: Pick<Mount, 'module' | 'range'>): boolean =>
  mount.module === module && mount.range.from === range.from && mount.range.to === range.to;

const isCreated = ({ module, range }: Mount): boolean =>
  module.definitions.some(({ value }) => value.from <= range.from && value.to >= range.to && value.is === 'call');

function applies(
  { module, target, range: mounted }: Mount,
  route: Pick<Mount, 'module' | 'range' | 'receiver'>,
): boolean {
  if (!target) return false;
  if (target.is === 'function') return module === route.module && isWithin(route.range, target);
  const name = target.is === 'name' ? target.name : target.is === 'call' ? target.callee : '';
  const [head = ''] = name.split('.');
  const imported = module.imports.find((imports) => imports.name === head);
  if (target.is === 'call' && target.callee === 'require')
    return target.args.some((arg) => arg.is === 'constant' && isFile(String(arg.constant), module, route.module));
  if (module === route.module && !imported) {
    if (lastOf(route.receiver) === lastOf(name)) return true;
    const owner = module.functions.find((declared) => declared.name === lastOf(name));
    return owner !== undefined && isWithin(route.range, owner) && !isWithin(mounted, owner);
  }
  if (imported)
    return (
      isFile(imported.from, module, route.module) || isFile(`${imported.from}.${lastOf(name)}`, module, route.module)
    );
  // Go: a function or variable of another file.
  const owner = route.module.functions.find((declared) => declared.name === lastOf(name));
  return module.imports.length === 0 && owner !== undefined && isWithin(route.range, owner);
}

/** Whether an import in a module names another module. */
function isFile(imported: string, { file }: Module, other: Module): boolean {
  const path = other.file.replace(/(\/index|\/__init__)?\.\w+$/, '');
  const isJavaScript = imported.startsWith('./') || imported.startsWith('../');
  if (isJavaScript) {
    const parts = [...file.split('/').slice(0, -1), ...imported.replace(/(\/index)?\.[cm]?[jt]s$/, '').split('/')];
    return posix.join(...parts) === path;
  }
  const dotted = imported.replace(/^\.+/, '').replaceAll('.', '/');
  // `from app.routers.chat import router` names the module, and the router in it.
  return (
    path === dotted ||
    path.endsWith(`/${dotted}`) ||
    dotted === `${path}/router` ||
    (path.endsWith(dotted.replace(/\/\w+$/, '')) && dotted.includes('/'))
  );
}
