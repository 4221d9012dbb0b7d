import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/go';
import {
  type Call,
  childrenOf,
  type Field,
  itemsOf,
  type Language,
  numberIn,
  operationOf,
  rangeOf,
  textOf,
  unquoted,
  type Value,
} from './syntax.ts';

/** Go. */
export const go: Language = {
  files: '{*,*/*,*/*/*,*/*/*/*}.go',
  others: /^(\.|node_modules$|vendor$|testdata$)|_test\.go$/,
  parse: (text) => parser.parse(text).topNode,
  value,
  expressions: ['CallExpr', 'TypedLiteral', 'SelectorExpr', 'BinaryExp'],
  declare(node, module) {
    const { text } = module;
    if (node.name === 'VarDecl' || node.name === 'VarSpec' || node.name === 'ConstSpec' || node.name === 'Assignment') {
      const name = node.getChild('DefName') ?? node.firstChild;
      const given = (node.getChild(':=') ?? node.getChild('='))?.nextSibling;
      const type = node.getChild('TypeName');
      if (name && given)
        module.definitions.push({ ...rangeOf(node), name: textOf(name, text), value: value(given, text) });
      // `var body Request` is used like `body := Request{}`.
      else if (name && type)
        module.definitions.push({
          ...rangeOf(node),
          name: textOf(name, text),
          value: literal(rangeOf(node), textOf(type, text)),
        });
    } else if (node.name === 'FunctionDecl' || node.name === 'MethodDecl') {
      const name = node.getChild('DefName') ?? node.getChild('FieldName');
      const fields = node
        .getChildren('Parameters')
        .flatMap((list) => list.getChildren('Parameter').map((field) => fieldOf(field, text)));
      module.functions.push({
        ...rangeOf(node),
        name: textOf(name, text),
        fields,
        decorators: [],
        bases: [],
      });
    } else if (node.name === 'TypeSpec') {
      const name = node.getChild('DefName');
      const body = node.getChild('StructType')?.getChild('StructBody');
      if (!name || !body) return;
      const fields = body.getChildren('FieldDecl').map((field) => fieldOf(field, text));
      module.classes.push({ ...rangeOf(node), name: textOf(name, text), fields, decorators: [], bases: [] });
    }
  },
};

const literal = (range: { from: number; to: number }, callee: string): Value => ({
  ...range,
  is: 'call',
  callee,
  args: [],
  named: {},
});

function fieldOf(node: SyntaxNode, text: string): Field {
  const [name, type] = childrenOf(node);
  const tag = node.getChild('String');
  return {
    ...rangeOf(node),
    name: textOf(name, text),
    type: textOf(type, text),
    tag: tag ? unquoted(textOf(tag, text)) : undefined,
  };
}

/** Returns the dotted name of an expression. */
function pathOf(node: SyntaxNode, text: string): string {
  const first = node.firstChild;
  const last = node.lastChild;
  if (node.name === 'CallExpr') return first ? `${pathOf(first, text)}()` : '';
  if (node.name === 'ParameterizedExpr') return first ? pathOf(first, text) : '';
  if (node.name === 'SelectorExpr' && first && last) return `${pathOf(first, text)}.${textOf(last, text)}`;
  return textOf(node, text);
}

const argumentsOf = (call: SyntaxNode, text: string): Value[] =>
  itemsOf(call.getChild('Arguments') ?? call, text, value);

/** Returns the node at the beginning of selectors and calls. */
const innermost = (node: SyntaxNode): SyntaxNode =>
  node.firstChild && /^(SelectorExpr|CallExpr)$/.test(node.name) ? innermost(node.firstChild) : node;

/**
 * Returns the right side of an operation with the selectors and calls that belong to it: the grammar reads
 * `30 * time.Second` as `(30 * time).Second`.
 */
function completed(operation: SyntaxNode, right: Value, text: string): Value {
  let whole = right;
  for (let node = operation; node.parent?.firstChild?.from === node.from; node = node.parent) {
    const { parent } = node;
    if (whole.is !== 'name') return whole;
    const range = { from: right.from, to: parent.to };
    if (parent.name === 'SelectorExpr' && parent.lastChild)
      whole = { ...range, is: 'name', name: `${whole.name}.${textOf(parent.lastChild, text)}` };
    else if (parent.name === 'CallExpr')
      whole = { ...range, is: 'call', callee: whole.name, args: argumentsOf(parent, text), named: {} };
    else return whole;
  }
  return whole;
}

function value(node: SyntaxNode, text: string): Value {
  const range = rangeOf(node);
  const first = node.firstChild;
  switch (node.name) {
    case 'String':
      return { ...range, is: 'constant', constant: unquoted(textOf(node, text)) };
    case 'Number':
      return { ...range, is: 'constant', constant: numberIn(textOf(node, text)) };
    case 'VariableName':
      return /^(true|false)$/.test(textOf(node, text))
        ? { ...range, is: 'constant', constant: textOf(node, text) === 'true' }
        : { ...range, is: 'name', name: textOf(node, text) };
    case 'SelectorExpr':
      return innermost(node).name === 'BinaryExp'
        ? value(innermost(node), text)
        : { ...range, is: 'name', name: pathOf(node, text) };
    case 'CallExpr': {
      if (innermost(node).name === 'BinaryExp') return value(innermost(node), text);
      return {
        ...range,
        is: 'call',
        callee: first ? pathOf(first, text) : '',
        args: argumentsOf(node, text),
        named: {},
      };
    }
    case 'TypedLiteral': {
      const named: Record<string, Value> = {};
      for (const element of node.getChild('LiteralValue')?.getChildren('Element') ?? []) {
        const key = element.getChild('Key');
        const given = element.getChild(':')?.nextSibling;
        if (key && given) named[unquoted(textOf(key, text))] = value(given, text);
      }
      return { ...literal(range, textOf(first, text)), named } as Value & Call;
    }
    case 'BinaryExp': {
      const operation = operationOf(node, text, value);
      return operation.is === 'operation' ? { ...operation, right: completed(node, operation.right, text) } : operation;
    }
    case 'UnaryExp':
    case 'ParenthesizedExpr':
      return first?.nextSibling ? value(first.nextSibling, text) : { ...range, is: 'other' };
    case 'FunctionLiteral':
      return { ...range, is: 'function' };
    default:
      return { ...range, is: 'other' };
  }
}
