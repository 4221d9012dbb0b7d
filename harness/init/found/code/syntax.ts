import type { SyntaxNode } from '@lezer/common';

/** A range of characters in a file. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** An expression, reduced to what `proofload init` understands. It is the same for all languages. */
export type Value = Range &
  (
    | { readonly is: 'constant'; readonly constant: string | number | boolean }
    /** A dotted name, such as `process.env.PORT`. A call in it is `()`, and `a['b']` is `a.b`. */
    | { readonly is: 'name'; readonly name: string }
    | ({ readonly is: 'call' } & Call)
    | { readonly is: 'record'; readonly fields: Readonly<Record<string, Value>> }
    | { readonly is: 'list'; readonly items: readonly Value[] }
    | { readonly is: 'operation'; readonly operator: string; readonly left: Value; readonly right: Value }
    | { readonly is: 'function' }
    | { readonly is: 'other' }
  );

/** The field of a record that has the fields of another value, as in `{ ...defaults }`. */
export const SPREAD = '...';

/** A call of a function or of a constructor, a decorator, or a struct literal of Go. */
export interface Call extends Range {
  /** The dotted name of what is called, such as `app.post`. */
  readonly callee: string;
  readonly args: readonly Value[];
  /** Named arguments, or the fields of a struct. */
  readonly named: Readonly<Record<string, Value>>;
}

/** A parameter of a function, or a field of a class or struct. */
export interface Field extends Range {
  readonly name: string;
  readonly type: string;
  readonly value?: Value | undefined;
  /** The tag of a field in Go. */
  readonly tag?: string | undefined;
}

/** A function with a name, or a class with its fields in place of parameters. */
export interface Declared extends Range {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly decorators: readonly Call[];
  /** The names of the classes that a class extends. */
  readonly bases: readonly string[];
}

/** What a file of a service says. */
export interface Module {
  readonly file: string;
  readonly text: string;
  readonly calls: Call[];
  readonly names: Extract<Value, { is: 'name' }>[];
  readonly operations: Extract<Value, { is: 'operation' }>[];
  readonly definitions: (Range & { readonly name: string; readonly value: Value })[];
  readonly functions: Declared[];
  readonly classes: Declared[];
  /** Names that come from other files: `name` is the local one. */
  readonly imports: { readonly name: string; readonly from: string }[];
}

/** How to read the files of a language. */
export interface Language {
  /** A glob of its files. */
  readonly files: string;
  /** Folders and files that are not part of the service itself. */
  readonly others: RegExp;
  readonly parse: (text: string) => SyntaxNode;
  /** Converts an expression. */
  readonly value: (node: SyntaxNode, text: string) => Value;
  /** The names of nodes that are calls, names and operations. */
  readonly expressions: readonly string[];
  /** Adds what a node declares to a module. */
  readonly declare: (node: SyntaxNode, module: Module) => void;
}

/** Reads a file. Parts that can't be parsed are ignored. */
export function readModule(language: Language, file: string, text: string): Module {
  const module: Module = {
    file,
    text,
    calls: [],
    names: [],
    operations: [],
    definitions: [],
    functions: [],
    classes: [],
    imports: [],
  };
  language
    .parse(text)
    .cursor()
    .iterate(({ node }) => {
      if (language.expressions.includes(node.name)) {
        const value = language.value(node, text);
        if (value.is === 'call') module.calls.push(value);
        else if (value.is === 'name') module.names.push(value);
        else if (value.is === 'operation') {
          module.operations.push(value);
          if (value.right.is === 'call' && !module.calls.some(({ from }) => from === value.right.from))
            module.calls.push(value.right);
        }
      }
      language.declare(node, module);
    });
  return module;
}

/** Returns the children of a node. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

/** Returns the text of a range, or an empty text if there is none. */
export const textOf = (range: Range | null | undefined, text: string): string =>
  range ? text.slice(range.from, range.to) : '';

/** Converts the elements of a list, without its brackets and commas. */
export const itemsOf = (list: SyntaxNode | null, text: string, value: Language['value']): Value[] =>
  (list ? childrenOf(list) : []).filter(({ name }) => !/^[[\](){},]$/.test(name)).map((item) => value(item, text));

/** Returns the last part of `a.b`, `a['b']` or `a[b]`, which has no name. */
export function keyOf(member: SyntaxNode, text: string): string {
  const last = member.lastChild;
  const key = last?.name === ']' ? last.prevSibling : last;
  return key && (key.name === 'String' || last?.name !== ']') ? unquoted(textOf(key, text)) : '*';
}

/** Converts an operation with two operands. */
export function operationOf(node: SyntaxNode, text: string, value: Language['value']): Value {
  const [left, operator, right] = childrenOf(node);
  const range = rangeOf(node);
  if (!left || !operator || !right) return { ...range, is: 'other' };
  return {
    ...range,
    is: 'operation',
    operator: textOf(operator, text),
    left: value(left, text),
    right: value(right, text),
  };
}

export const rangeOf = ({ from, to }: Range): Range => ({ from, to });

/** Returns the text of a quoted string, with the usual escapes. */
export const unquoted = (quoted: string): string =>
  quoted.replace(/^[rbuRBU]*("""|'''|["'`])([\s\S]*)\1$/, '$2').replace(/\\(["'`\\])/g, '$1');

/** Returns a number as languages write it, such as `60_000`. */
export const numberIn = (written: string): number => Number(written.replaceAll('_', ''));

/** Whether a range lies inside of another. */
export const isWithin = (inner: Range, outer: Range): boolean => inner.from >= outer.from && inner.to <= outer.to;

/** Returns the line of a position, from 1. */
export const lineOf = ({ text }: Pick<Module, 'text'>, { from }: Range): number =>
  text.slice(0, from).split('\n').length;

/** Returns the last part of a dotted name. */
export const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
