import type { Code } from './code.ts';
import { type Json, modelNamed, sampleOfModel, scalar, TEXT } from './models.ts';
import type { Route } from './routes.ts';
import { type Declared, isWithin, type Module, type Range, type Value } from './syntax.ts';
import { fieldsUsed } from './uses.ts';

const SUCCESS =
  /\b(?:status|code|sendStatus|WriteHeader|JSON|Status|status_code|writeHead|abort)\b\s*[(=]\s*(?:w,\s*)?(?:(2\d\d)\b|http\.Status(OK|Created|Accepted|NoContent)\b|(?:status|HTTPStatus)\.(?:HTTP_)?(2\d\d|CREATED|ACCEPTED|NO_CONTENT)|fiber\.Status(Created|Accepted))|[})\]\w],\s*(20[1-6])\s*[)\n]/;
const STATUSES: Readonly<Record<string, string>> = { ok: '200', created: '201', accepted: '202', nocontent: '204' };

/** Returns the status of a route's success, or undefined if the code does not say it. */
export function servedBy(code: Code, route: Route): string | undefined {
  const named = route.call.named.status_code;
  const [, , text] = handlerOf(code, route);
  const decorator = named ? `status_code=${route.module.text.slice(named.from, named.to)}` : '';
  const found = SUCCESS.exec(decorator || text)
    ?.slice(1)
    .find((group) => group !== undefined);
  if (found !== undefined) return STATUSES[found.toLowerCase().replace('_', '')] ?? found;
  const { method, decorated, call } = route;
  const isNest = decorated !== undefined && !call.callee.includes('.');
  if (isNest && method === 'POST') return '201';
  return text === '' ? undefined : '200';
}

/** Returns a JSON body that a route accepts as a text, or undefined if the code does not say it. */
export function bodyOf(code: Code, route: Route): string | undefined {
  if (/^(GET|DELETE)$/.test(route.method)) return undefined;
  const body = bySchema(code, route) ?? byModel(code, route) ?? byUse(code, route);
  return body === undefined ? undefined : JSON.stringify(body);
}

/** Returns the function that responds for a route: its module, its range and its text. */
function handlerOf(
  code: Code,
  { handlers, module, decorated, range }: Route,
): [Module, Range, string, Declared | undefined] {
  if (decorated) return [module, decorated, module.text.slice(decorated.from, decorated.to), decorated];
  const found = code.functionOf(handlers.at(-1), module);
  if (!found) return [module, range, '', undefined];
  return [found.module, found.range, found.module.text.slice(found.range.from, found.range.to), found.declared];
}

/** The schema of Fastify, as JSON Schema or TypeBox, or one of zod that the handlers use. */
function bySchema(code: Code, route: Route): Json | undefined {
  const { module, handlers, range } = route;
  for (const handler of handlers) {
    const schema = handler.is === 'record' ? handler.fields.schema : undefined;
    const resolved = schema?.is === 'name' ? code.resolve(schema.name, module)?.value : schema;
    const body = resolved?.is === 'record' ? resolved.fields.body : undefined;
    if (body) return sampleOf(code, body, module);
  }
  const [other, inner] = handlerOf(code, route);
  const named = [
    ...module.names.filter((name) => isWithin(name, range)),
    ...other.names.filter((name) => isWithin(name, inner)),
  ];
  const used = [
    ...named.map(({ name }) => name.split('.')[0] ?? ''),
    ...handlers.flatMap(namesIn),
    ...calledIn(other, inner),
  ];
  for (const name of new Set(used)) {
    const schema = code.resolve(name, other)?.value ?? code.resolve(name, module)?.value;
    if (
      schema?.is === 'call' &&
      /(^|\.)(z|zod|Joi|v|t|Type|yup)\.(object|Object|strictObject|looseObject)(\(\)|$)/.test(schema.callee)
    )
      return sampleOf(code, schema, other);
  }
  return undefined;
}

const namesIn = (value: Value): string[] =>
  value.is === 'name' ? [value.name] : value.is === 'call' ? value.args.flatMap(namesIn) : [];

const calledIn = ({ calls }: Module, range: Range): string[] =>
  calls
    .filter((call) => isWithin(call, range))
    .flatMap(({ callee, args }) => [callee.split('.')[0] ?? '', ...args.flatMap(namesIn)]);

/** Returns a value that a schema accepts. */
function sampleOf(code: Code, schema: Value, module: Module, depth = 0): Json {
  const written = module.text.slice(schema.from, schema.to);
  if (depth > 5) return null;
  if (schema.is === 'name') {
    const found = code.resolve(schema.name, module);
    return found ? sampleOf(code, found.value, found.module, depth + 1) : TEXT;
  }
  const inner = (value: Value | undefined) => (value ? sampleOf(code, value, module, depth + 1) : TEXT);
  if (schema.is === 'record') {
    const { type, properties, required, items, enum: choices } = schema.fields;
    const kind = type?.is === 'constant' ? type.constant : 'object';
    if (choices?.is === 'list' && choices.items[0]?.is === 'constant') return choices.items[0].constant;
    if (kind === 'array') return items ? [inner(items)] : [];
    if (kind !== 'object') return scalar(String(kind));
    const names =
      required?.is === 'list'
        ? required.items.map((item) => (item.is === 'constant' ? String(item.constant) : ''))
        : undefined;
    const fields = properties?.is === 'record' ? Object.entries(properties.fields) : [];
    return Object.fromEntries(
      fields.filter(([name]) => names?.includes(name) ?? true).map(([name, value]) => [name, inner(value)]),
    );
  }
  if (schema.is !== 'call') return TEXT;
  const [first] = schema.args;
  if (/(^|\.)(object|Object|strictObject)(\(\)|$)/.test(schema.callee)) {
    const record = first?.is === 'record' ? first : recordWithin(module, schema);
    const fields = record?.is === 'record' ? Object.entries(record.fields) : [];
    const needed = fields.filter(
      ([, value]) => !/\.(optional|default|nullish)\(|Optional\(/.test(module.text.slice(value.from, value.to)),
    );
    return Object.fromEntries(needed.map(([name, value]) => [name, inner(value)]));
  }
  if (/\.(array|Array)(\(\)|$)/.test(schema.callee)) return [TEXT];
  const [, word = 'string'] =
    /\.(string|number|int|integer|boolean|email|uuid|url|String|Number|Integer|Boolean|enum|literal|record)\b/.exec(
      written,
    ) ?? [];
  if (word === 'enum' || word === 'literal') return /["'`]([^"'`]*)["'`]/.exec(written)?.[1] ?? TEXT;
  return scalar(/\.email\(/.test(written) ? 'email' : word);
}

/** Returns the object in an inner call, such as that of `z.object({…}).strict()`. */
const recordWithin = ({ calls }: Module, outer: Range): Value | undefined =>
  calls.find((call) => isWithin(call, outer) && call.args[0]?.is === 'record')?.args[0];

/** A pydantic model among the parameters of a route, the struct that a handler in Go decodes, or the class of NestJS. */
function byModel(code: Code, route: Route): Json | undefined {
  const [module, range, text, declared] = handlerOf(code, route);
  const [, dto] = /@Body\(\)\s*(?:readonly\s+)?\w+\s*:\s*(\w+)/.exec(text) ?? [];
  const transferred = dto && code.modules.flatMap(({ classes }) => classes).find(({ name }) => name === dto);
  if (transferred && transferred.fields.length > 0) return sampleOfModel(code, transferred, 0);
  const decoded =
    /(?:Decode|BindJSON|Bind|BodyParser|DecodeJSON|JSON)\(\s*(?:[^,()]*,\s*)?&(\w+)|Unmarshal\([^,]+,\s*&(\w+)/.exec(
      text,
    );
  const variable = decoded?.[1] ?? decoded?.[2];
  const defined = module.definitions.find((other) => isWithin(other, range) && other.name === variable)?.value;
  const types = [
    ...(declared?.fields.map(({ type }) => type) ?? []),
    ...(defined?.is === 'call' ? [defined.callee] : []),
  ];
  for (const type of types) {
    const model = modelNamed(code, type);
    if (model) return sampleOfModel(code, model, 0);
  }
  // An anonymous struct.
  const tagged = variable === undefined ? [] : [...text.matchAll(/(\w+)\s+([\w.[\]*]+)\s+`json:"(\w+)[^`]*`/g)];
  return tagged.length === 0
    ? undefined
    : Object.fromEntries(tagged.map(([, , type = '', name = '']) => [name, scalar(type)]));
}

/** The fields of the body that a handler without a schema uses. */
function byUse(code: Code, route: Route): Json | undefined {
  const [module, range] = handlerOf(code, route);
  return fieldsUsed(module, range, /(?:^|\.)(?:body|req\.json\(\)|get_json\(\)|request\.json(\(\))?)$/);
}

/**
 * Returns an answer of the upstreams that has the fields that the code takes from their answers. They may be those of
 * several upstreams.
 */
export function answerOf(code: Code): Record<string, Json> {
  const answer: Record<string, Json> = {};
  for (const module of code.modules) {
    const whole = { from: 0, to: module.text.length };
    Object.assign(answer, fieldsUsed(module, whole, /^(?!.*\b(?:req|request|c\.req)\.json).*(?:\.json\(\)|\.data)$/));
    for (const [, variable] of module.text.matchAll(
      /(?:NewDecoder\(\w*[rR]es\w*\.Body\)\.Decode|Unmarshal)\(\s*(?:\w+,\s*)?&(\w+)/g,
    )) {
      const types = module.definitions.filter(({ name }) => name === variable);
      for (const { value } of types) {
        const model = value.is === 'call' ? modelNamed(code, value.callee) : undefined;
        if (model) Object.assign(answer, sampleOfModel(code, model, 0));
      }
    }
  }
  return answer;
}
