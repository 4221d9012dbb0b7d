import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/javascript';
import {
  type Call,
  childrenOf,
  type Field,
  itemsOf,
  keyOf,
  type Language,
  numberIn,
  operationOf,
  rangeOf,
  SPREAD,
  textOf,
  unquoted,
  type Value,
} from './syntax.ts';

const typescript = parser.configure({ dialect: 'ts' });

/** JavaScript and TypeScript. */
export const javascript: Language = {
  files: '{*,*/*,*/*/*,*/*/*/*}.{js,mjs,cjs,ts,mts,cts}',
  others:
    /^(\.|node_modules$|dist$|build$|coverage$|tests?$|__tests__$|proofload|public$|migrations$)|\.(test|spec|config|d|mock)\.\w+$/,
  parse: (text) => typescript.parse(text).topNode,
  value,
  expressions: ['CallExpression', 'NewExpression', 'MemberExpression', 'BinaryExpression', 'ConditionalExpression'],
  declare(node, module) {
    const { text } = module;
    const name = node.getChild('VariableDefinition');
    if (node.name === 'VariableDeclaration' || node.name === 'AssignmentExpression') define(node, module);
    else if (node.name === 'ReturnStatement' || node.name === 'ExportDeclaration') {
      const given = node.getChild('ObjectExpression');
      if (given) module.definitions.push({ ...rangeOf(given), name: 'default', value: value(given, text) });
    } else if (node.name === 'FunctionDeclaration' || node.name === 'MethodDeclaration') {
      const own = name ?? node.getChild('PropertyDefinition');
      module.functions.push({
        ...rangeOf(node),
        name: own ? textOf(own, text) : 'default',
        fields: parametersOf(node, text),
        decorators: node.getChildren('Decorator').flatMap((decorator) => callOf(decorator, text)),
        bases: [],
      });
    } else if (node.name === 'ClassDeclaration' && name) {
      // The grammar reads decorators before `export` as a class of their own.
      const before = node.parent?.name === 'ExportDeclaration' ? node.parent.prevSibling : null;
      const parts =
        before?.name === 'ClassDeclaration' && !before.getChild('VariableDefinition') ? [before, node] : [node];
      module.classes.push({
        ...rangeOf(node),
        name: textOf(name, text),
        fields: (node.getChild('ClassBody')?.getChildren('PropertyDeclaration') ?? []).map((field) =>
          fieldOf(field, text),
        ),
        decorators: parts.flatMap((part) =>
          part.getChildren('Decorator').flatMap((decorator) => callOf(decorator, text)),
        ),
        bases: [],
      });
    } else if (node.name === 'ImportDeclaration') {
      const from = node.getChild('String');
      const names = [
        ...node.getChildren('VariableDefinition'),
        ...(node.getChild('ImportGroup')?.getChildren('VariableDefinition') ?? []),
      ];
      for (const local of names)
        if (from) module.imports.push({ name: textOf(local, text), from: unquoted(textOf(from, text)) });
    }
  },
};

/** Adds the variables of a declaration or assignment. */
function define(node: SyntaxNode, { text, definitions, imports, functions }: Parameters<Language['declare']>[1]): void {
  const children = childrenOf(node);
  for (const [index, child] of children.entries()) {
    if (child.name !== 'Equals') continue;
    const given = children[index + 1];
    const target = children
      .slice(0, index)
      .findLast(({ name }) => /Definition|Pattern|VariableName|MemberExpression/.test(name));
    if (!given || !target) continue;
    const assigned = value(given, text);
    if (target.name !== 'ObjectPattern') {
      const name = textOf(target, text);
      definitions.push({ ...rangeOf(node), name, value: assigned });
      if (isRequired(assigned)) imports.push({ name, from: isRequired(assigned) as string });
      if (assigned.is === 'function') {
        functions.push({ ...rangeOf(given), name, fields: parametersOf(given, text), decorators: [], bases: [] });
      }
      continue;
    }
    for (const property of target.getChildren('PatternProperty')) {
      const local = property.getChild('VariableDefinition');
      const key = property.getChild('PropertyName') ?? local;
      if (!local || !key) continue;
      const name = textOf(local, text);
      if (isRequired(assigned)) imports.push({ name, from: isRequired(assigned) as string });
      const whole: Value = { ...rangeOf(property), is: 'name', name: `${baseOf(assigned)}.${textOf(key, text)}` };
      const usual = property.getChild('Equals')?.nextSibling;
      const right = usual && value(usual, text);
      definitions.push({
        ...rangeOf(property),
        name,
        value: right ? { ...rangeOf(property), is: 'operation', operator: '??', left: whole, right } : whole,
      });
    }
  }
}

/** Returns the dotted name of the object that is taken apart, such as `req.body` of `req.body ?? {}`. */
const baseOf = (taken: Value): string =>
  taken.is === 'name'
    ? taken.name
    : taken.is === 'call'
      ? `${taken.callee}()`
      : taken.is === 'operation'
        ? baseOf(taken.left)
        : '';

/** Returns the file that `require` loads. */
const isRequired = (called: Value): string | undefined =>
  called.is === 'call' && called.callee === 'require' && called.args[0]?.is === 'constant'
    ? String(called.args[0].constant)
    : undefined;

function parametersOf(node: SyntaxNode, text: string): Field[] {
  const list = node.getChild('ParamList');
  const names = list?.getChildren('VariableDefinition') ?? [];
  return names.map((name) => {
    const type = name.nextSibling?.name === 'TypeAnnotation' ? textOf(name.nextSibling, text).replace(/^:\s*/, '') : '';
    return { ...rangeOf(name), name: textOf(name, text), type };
  });
}

function fieldOf(node: SyntaxNode, text: string): Field {
  const name = node.getChild('PropertyDefinition');
  const type = node.getChild('TypeAnnotation');
  const given = node.getChild('Equals')?.nextSibling;
  return {
    ...rangeOf(node),
    name: textOf(name, text),
    type: type ? textOf(type, text).replace(/^:\s*/, '') : '',
    value: given ? value(given, text) : undefined,
  };
}

function callOf(decorator: SyntaxNode, text: string): Call[] {
  const call = decorator.getChild('CallExpression');
  const found = call && value(call, text);
  return found?.is === 'call' ? [found] : [];
}

/** Returns the dotted name of an expression. */
function pathOf(node: SyntaxNode, text: string): string {
  const first = node.firstChild;
  switch (node.name) {
    case 'MemberExpression':
      return first ? `${pathOf(first, text)}.${keyOf(node, text)}` : textOf(node, text);
    case 'CallExpression':
      return first ? `${pathOf(first, text)}()` : '';
    case 'NewExpression':
      return first?.nextSibling ? pathOf(first.nextSibling, text) : '';
    case 'InstantiationExpression':
    case 'PostfixExpression':
      return first ? pathOf(first, text) : '';
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
      return first?.nextSibling ? pathOf(first.nextSibling, text) : '';
    default:
      return textOf(node, text);
  }
}

function value(node: SyntaxNode, text: string): Value {
  const range = rangeOf(node);
  const inner = (child: SyntaxNode | null | undefined): Value =>
    child ? value(child, text) : { ...range, is: 'other' };
  const first = node.firstChild;
  switch (node.name) {
    case 'String':
      return { ...range, is: 'constant', constant: unquoted(textOf(node, text)) };
    case 'TemplateString':
      return first ? { ...range, is: 'other' } : { ...range, is: 'constant', constant: unquoted(textOf(node, text)) };
    case 'Number':
      return { ...range, is: 'constant', constant: numberIn(textOf(node, text)) };
    case 'BooleanLiteral':
      return { ...range, is: 'constant', constant: textOf(node, text) === 'true' };
    case 'VariableName':
    case 'MemberExpression':
      return { ...range, is: 'name', name: pathOf(node, text) };
    case 'CallExpression':
    case 'NewExpression': {
      const callee = node.name === 'NewExpression' ? first?.nextSibling : first;
      return {
        ...range,
        is: 'call',
        callee: callee ? pathOf(callee, text) : '',
        args: itemsOf(node.getChild('ArgList'), text, value),
        named: {},
      };
    }
    case 'ObjectExpression':
      return { ...range, is: 'record', fields: recordOf(node, text) };
    case 'ArrayExpression':
      return {
        ...range,
        is: 'list',
        items: itemsOf(node, text, value),
      };
    case 'BinaryExpression': {
      const [left, operator, right] = childrenOf(node);
      if (left && right && /^(as|satisfies)$/.test(operator?.name ?? '')) return value(left, text);
      return operationOf(node, text, value);
    }
    case 'ConditionalExpression': {
      // `a ? Number(a) : 5`
      const [, , given, , other] = childrenOf(node);
      return { ...range, is: 'operation', operator: '?:', left: inner(given), right: inner(other) };
    }
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
    case 'UnaryExpression':
      return /^[-!~]/.test(textOf(node, text)) ? { ...range, is: 'other' } : inner(first?.nextSibling);
    case 'PostfixExpression':
      return inner(first);
    case 'ArrowFunction':
    case 'FunctionExpression':
      return { ...range, is: 'function' };
    default:
      return { ...range, is: 'other' };
  }
}

function recordOf(node: SyntaxNode, text: string): Record<string, Value> {
  const fields: Record<string, Value> = {};
  for (const property of node.getChildren('Property')) {
    const spread = property.getChild('Spread')?.nextSibling;
    if (spread) fields[SPREAD] = value(spread, text);
    const key = property.getChild('PropertyDefinition') ?? property.getChild('String');
    if (!key) continue;
    const name = unquoted(textOf(key, text));
    const given = property.getChild(':')?.nextSibling;
    if (given) fields[name] = value(given, text);
    else if (property.getChild('ParamList')) fields[name] = { ...rangeOf(property), is: 'function' };
    else fields[name] = { ...rangeOf(key), is: 'name', name };
  }
  return fields;
}
