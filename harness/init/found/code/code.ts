import { schemaFields, settingOfField, usualOfField } from './settings-fields.ts';
import {
  type Call,
  type Declared,
  type Field,
  isWithin,
  lastOf,
  lineOf,
  type Module,
  type Range,
  type Value,
} from './syntax.ts';

type Constant = string | number | boolean;

/** What is known about the value of an expression. */
export interface Known {
  /** Its value by default. */
  readonly value?: Constant | undefined;
  /**
   * The environment variable that it comes from. The value is that of the variable times the factor. A duration is a
   * text such as `30s`.
   */
  readonly setting?: { readonly name: string; readonly factor: number; readonly isDuration: boolean } | undefined;
}

/** An environment variable that a service reads, with its default as a text, or an empty text. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  /** The file and line, such as `src/app.js:12`. */
  readonly from: string;
}

const ENVIRONMENT = /^(?:process\.env|import\.meta\.env|Bun\.env|os\.environ|environ|env)\.([A-Za-z_]\w*)$/;
const READERS = /(^|\.)(getenv|Getenv|LookupEnv|environ\.get|env\.get)$/;
const HELPERS = /env|config|setting|required|optional|lookup|int|num|str|bool|duration|seconds|get|must|read/i;
const CONVERSIONS =
  /^(Number|Number\.\w+|parseInt|parseFloat|String|Boolean|int|float|str|bool|u?int\d*|float\d+|time\.Duration|rate\.Limit|strconv\.\w+|time\.ParseDuration|Object\.freeze|Math\.\w+)$/;
const SECONDS: Readonly<Record<string, number>> = {
  'time.Nanosecond': 1e-9,
  'time.Microsecond': 1e-6,
  'time.Millisecond': 1e-3,
  'time.Second': 1,
  'time.Minute': 60,
  'time.Hour': 3600,
};
const UNITS: Readonly<Record<string, number>> = {
  milliseconds: 0.001,
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
};

/** All code of a service. Finds what an expression is by default, and which environment variable changes it. */
export class Code {
  readonly modules: readonly Module[];
  /** The values in an example of the environment, by the variable's name. They override defaults in the code. */
  readonly #examples: Readonly<Record<string, string>>;

  constructor(modules: readonly Module[], examples: Readonly<Record<string, string>>) {
    this.modules = modules;
    this.#examples = examples;
  }

  /** Returns the file and line of a part of a module. */
  at = (module: Module, range: Range): string => `${module.file}:${lineOf(module, range)}`;

  /** Yields all calls with the given last part of the name. */
  *callsOf(pattern: RegExp): Generator<{ readonly module: Module; readonly call: Call }> {
    for (const module of this.modules)
      for (const call of module.calls) if (pattern.test(call.callee)) yield { module, call };
  }

  /** Returns what is known about the value of an expression. Durations of Go and Python are in seconds. */
  evaluate(value: Value | undefined, module: Module, depth = 0): Known {
    if (value === undefined || depth > 12) return {};
    const read = this.#settingIn(value, module);
    if (read) return this.#known(read.name, this.evaluate(read.usual, module, depth + 1), read.isDuration);
    const next = (part: Value | undefined) => this.evaluate(part, module, depth + 1);
    switch (value.is) {
      case 'constant':
        return { value: value.constant };
      case 'name': {
        if (SECONDS[value.name] !== undefined) return { value: SECONDS[value.name] };
        const found = this.resolve(value.name, module);
        return found ? this.evaluate(found.value, found.module, depth + 1) : {};
      }
      case 'call': {
        if (lastOf(value.callee) === 'timedelta') return this.#duration(value, module);
        const [first] = value.args.map(next);
        if (first === undefined) return {};
        if (CONVERSIONS.test(value.callee)) return numeric(first);
        return first.setting ? { ...first, value: first.value ?? next(value.args[1]).value } : {};
      }
      case 'operation':
        return combined(value.operator, next(value.left), next(value.right));
      default:
        return {};
    }
  }

  #duration({ named }: Call, module: Module): Known {
    const [unit = '', value] = Object.entries(named)[0] ?? [];
    return combined('*', this.evaluate(value, module), { value: UNITS[unit] });
  }

  #known(name: string, usual: Known, isDuration = false): Known {
    return { value: this.#examples[name] || usual.value, setting: { name, factor: 1, isDuration } };
  }

  /** Returns the environment variable that an expression reads, and its default there. */
  #settingIn(
    value: Value,
    module: Module,
  ): { name: string; usual?: Value | undefined; isDuration?: boolean } | undefined {
    if (value.is === 'name') {
      const name = ENVIRONMENT.exec(value.name)?.[1];
      return name === undefined || name === 'get' ? undefined : { name };
    }
    if (value.is !== 'call') return undefined;
    const [first, second] = value.args;
    if (first?.is !== 'constant' || !/^[A-Za-z_]\w*$/.test(String(first.constant))) return undefined;
    const name = String(first.constant);
    const helper = /^[A-Z][A-Z0-9_]+$/.test(name) ? this.#helper(value.callee, module) : undefined;
    if (helper === undefined && !READERS.test(value.callee)) return undefined;
    return { name, usual: second ?? value.named.default, isDuration: helper?.includes('ParseDuration') ?? false };
  }

  /** Returns the text of a function that reads the environment for its callers. */
  #helper(callee: string, module: Module): string | undefined {
    if (!HELPERS.test(lastOf(callee))) return undefined;
    const own = this.modules.flatMap(({ functions, text }) =>
      functions.filter(({ name }) => name === lastOf(callee)).map(({ from, to }) => text.slice(from, to)),
    );
    const reading = own.find((text) => /environ|process\.env|[gG]etenv|LookupEnv/.test(text));
    return reading ?? (/^(env|config|decouple)\b/.test(callee) || this.#importsFrom(callee, module) ? '' : undefined);
  }

  #importsFrom = (callee: string, { imports }: Module): boolean =>
    imports.some(
      ({ name, from }) => name === callee.split('.')[0] && /^(env-var|envalid|decouple|environs)$/.test(from),
    );

  /** Returns the expression that a dotted name stands for. */
  resolve(name: string, module: Module): { value: Value; module: Module } | undefined {
    const [head = '', ...fields] = name.split('.');
    const isImported = module.imports.some((imported) => imported.name === head);
    const near = [module, ...(isImported || fields.length > 0 ? this.modules.filter((other) => other !== module) : [])];
    for (const other of near) {
      for (const whole of other.definitions.filter((defined) => defined.name === head)) {
        const found = fields.length === 0 ? whole.value : fieldIn(whole.value, fields);
        if (found && !(found.is === 'name' && found.name === name)) return { value: found, module: other };
      }
      const own = fields.length === 0 && other.definitions.find((defined) => defined.name === name);
      if (own) return { value: own.value, module: other };
    }
    return fields.length === 0 ? undefined : this.#fieldNamed(fields.at(-1) ?? '');
  }

  /** Returns the field with this name of settings, or of the only object in the code that has it. */
  #fieldNamed(name: string): { value: Value; module: Module } | undefined {
    for (const { module, field, value } of this.#settingsFields()) if (field.name === name) return { value, module };
    const found = this.modules.flatMap((module) =>
      [...module.definitions.map(({ value }) => value), ...module.calls.flatMap(({ args }) => args)].flatMap(
        (value) => {
          const field = fieldIn(value, [name]);
          return field && field.is !== 'name' ? [{ value: field, module }] : [];
        },
      ),
    );
    const different = new Set(found.map(({ value, module }) => `${module.file}:${value.from}`));
    return different.size === 1 ? found[0] : undefined;
  }

  /** Yields the fields of classes that are filled from the environment: pydantic's settings, and tags in Go. */
  *#settingsFields(): Generator<{ module: Module; field: Field; name: string; value: Value }> {
    for (const module of this.modules) {
      for (const declared of module.classes) {
        for (const field of declared.fields) {
          const name = settingOfField(declared, field, module);
          if (name === undefined || name === '') continue;
          const whole: Value = { from: field.from, to: field.to, is: 'name', name: `process.env.${name}` };
          const usual = usualOfField(field);
          const value: Value = usual ? { ...whole, is: 'operation', operator: '??', left: whole, right: usual } : whole;
          yield { module, field, name, value };
        }
      }
    }
  }

  /** Returns the environment variables that the code reads. */
  variables(): Variable[] {
    const found = new Map<string, Variable>();
    const add = (name: string, value: Constant | undefined, module: Module, range: Range) => {
      const earlier = found.get(name);
      const text = value === undefined ? '' : String(value);
      if (!earlier) found.set(name, { name, value: text, from: this.at(module, range) });
      else if (earlier.value === '') found.set(name, { ...earlier, value: text });
    };
    for (const module of this.modules) {
      const values = [...module.names, ...module.calls.map((call): Value => ({ is: 'call', ...call }))];
      for (const value of [...values, ...module.definitions.map((defined) => defined.value)]) {
        const read =
          this.#settingIn(value, module) ?? (value.is === 'operation' && this.#settingIn(value.left, module));
        if (read) add(read.name, this.evaluate(value, module).value, module, value);
      }
      for (const operation of module.operations) {
        const { setting, value } = this.evaluate(operation, module);
        if (!setting || !/^(\?\?|\|\||or|\?:)$/.test(operation.operator)) continue;
        add(setting.name, typeof value === 'number' ? value / setting.factor : value, module, operation);
      }
      for (const { name, value, range } of schemaFields(module)) add(name, value, module, range);
    }
    for (const { module, field, name, value } of this.#settingsFields())
      add(name, this.evaluate(value, module).value, module, field);
    return [...found.values()];
  }

  /** Returns the function that a name stands for in a module, or a function literal itself. */
  functionOf(
    value: Value | undefined,
    module: Module,
  ): { module: Module; range: Range; declared?: Declared } | undefined {
    if (value?.is === 'function') return { module, range: value };
    if (value?.is === 'call') return value.args.map((arg) => this.functionOf(arg, module)).find((found) => found);
    if (value?.is !== 'name') return undefined;
    for (const other of [module, ...this.modules.filter((other) => other !== module)]) {
      const declared = other.functions.find(({ name }) => name === lastOf(value.name));
      if (declared) return { module: other, range: declared, declared };
    }
    return undefined;
  }

  /** Returns the calls in a part of a module. */
  callsWithin = (module: Module, range: Range): Call[] => module.calls.filter((call) => isWithin(call, range));
}

function fieldIn(value: Value, [field = '', ...others]: readonly string[]): Value | undefined {
  if (value.is === 'call' && value.args[0]?.is === 'record') return fieldIn(value.args[0], [field, ...others]);
  const fields = value.is === 'record' ? value.fields : value.is === 'call' ? value.named : {};
  const found = Object.hasOwn(fields, field) ? fields[field] : undefined;
  return found && others.length > 0 ? fieldIn(found, others) : found;
}

const numeric = (known: Known): Known => {
  const { value } = known;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
    ? { ...known, value: Number(value) }
    : known;
};

/** Returns what is known about the result of an operation. */
function combined(operator: string, left: Known, right: Known): Known {
  const setting = left.setting ?? right.setting;
  if (/^(\?\?|\|\||or|\?:)$/.test(operator)) return { value: left.value ?? right.value, setting };
  const [a, b] = [Number(left.value), Number(right.value)];
  if (operator === '*') {
    const other = left.setting ? b : a;
    return {
      value: Number.isNaN(a * b) ? undefined : a * b,
      setting: setting && { ...setting, factor: setting.factor * other },
    };
  }
  if (operator === '/' && !right.setting) {
    return {
      value: Number.isNaN(a / b) ? undefined : a / b,
      setting: setting && { ...setting, factor: setting.factor / b },
    };
  }
  return operator === '+' || operator === '-' ? { value: operator === '+' ? a + b : a - b } : {};
}
