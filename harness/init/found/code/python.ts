import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
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
  textOf,
  unquoted,
  type Value,
} from './syntax.ts';

/** Python. */
export const python: Language = {
  files: '{*,*/*,*/*/*,*/*/*/*}.py',
  others: /^(\.|node_modules$|tests?$|test_|conftest|venv|env$|build$|dist$|migrations$|alembic$)|_test\.py$/,
  parse: (text) => parser.parse(text).topNode,
  value,
  expressions: ['CallExpression', 'MemberExpression', 'BinaryExpression'],
  declare(node, module) {
    const { text } = module;
    if (node.name === 'AssignStatement') {
      const target = node.firstChild;
      const given = node.getChild('AssignOp')?.nextSibling;
      if (target && given)
        module.definitions.push({ ...rangeOf(node), name: textOf(target, text), value: value(given, text) });
    } else if (node.name === 'FunctionDefinition' || node.name === 'ClassDefinition') {
      const name = node.getChild('VariableName');
      const body = node.getChild('Body');
      const parent = node.parent?.name === 'DecoratedStatement' ? node.parent : node;
      const declared = {
        ...rangeOf(parent),
        name: textOf(name, text),
        decorators: parent.getChildren('Decorator').map((decorator) => decoratorOf(decorator, text)),
      };
      if (node.name === 'FunctionDefinition') {
        module.functions.push({ ...declared, fields: fieldsIn(node.getChild('ParamList'), text), bases: [] });
        module.calls.push(...declared.decorators);
      } else {
        const bases = childrenOf(node.getChild('ArgList') ?? node).map((base) => textOf(base, text));
        const fields = (body?.getChildren('AssignStatement') ?? []).flatMap((statement) => fieldsIn(statement, text));
        module.classes.push({ ...declared, fields, bases });
      }
    } else if (node.name === 'ImportStatement') {
      const written = textOf(node, text).replace(/[()\\\s]+/g, ' ');
      const [, from = '', names = ''] =
        /^from (\S+) import (.+)$/.exec(written) ?? /^import()\s+(.+)$/.exec(written) ?? [];
      for (const name of names.split(',')) {
        const [original = '', local = original] = name.trim().split(' as ');
        module.imports.push({
          name: local,
          from: from.endsWith('.') ? from + original : from ? `${from}.${original}` : original,
        });
      }
    }
  },
};

function decoratorOf(decorator: SyntaxNode, text: string): Call {
  const names = decorator.getChildren('VariableName').map((name) => textOf(name, text));
  return { ...rangeOf(decorator), callee: names.join('.'), ...argumentsOf(decorator.getChild('ArgList'), text) };
}

/** Returns the parameters in a list, or the field that a statement in a class declares. */
function fieldsIn(list: SyntaxNode | null, text: string): Field[] {
  const children = list ? childrenOf(list) : [];
  return children.flatMap((name, index) => {
    // The name follows a comma, a bracket or nothing. Other names are values.
    if (name.name !== 'VariableName' || !/^([(,*]|)$/.test(children[index - 1]?.name ?? '')) return [];
    const next = children[index + 1];
    const type = next?.name === 'TypeDef' ? next : undefined;
    const operator = children[index + (type ? 2 : 1)];
    const given = operator?.name === 'AssignOp' ? operator.nextSibling : undefined;
    return [
      {
        ...rangeOf(list && list.name === 'AssignStatement' ? list : name),
        name: textOf(name, text),
        type: type ? textOf(type, text).replace(/^:\s*/, '') : '',
        value: given ? value(given, text) : undefined,
      },
    ];
  });
}

function argumentsOf(list: SyntaxNode | null, text: string): Pick<Call, 'args' | 'named'> {
  const args: Value[] = [];
  const named: Record<string, Value> = {};
  const children = list ? childrenOf(list).filter(({ name }) => !/^[()]$/.test(name)) : [];
  for (let index = 0; index < children.length; index += 1) {
    const child = children[index] as SyntaxNode;
    const operator = children[index + 1];
    const given = children[index + 2];
    if (child.name === ',' || child.name === '*' || child.name === '**') continue;
    if (operator?.name === 'AssignOp' && given) {
      named[textOf(child, text)] = value(given, text);
      index += 2;
    } else args.push(value(child, text));
  }
  return { args, named };
}

/** Returns the dotted name of an expression. */
function pathOf(node: SyntaxNode, text: string): string {
  const first = node.firstChild;
  if (node.name === 'CallExpression') return first ? `${pathOf(first, text)}()` : '';
  if (node.name !== 'MemberExpression' || !first) return textOf(node, text);
  return `${pathOf(first, text)}.${keyOf(node, text)}`;
}

function value(node: SyntaxNode, text: string): Value {
  const range = rangeOf(node);
  const first = node.firstChild;
  switch (node.name) {
    case 'String':
    case 'ContinuedString':
      return { ...range, is: 'constant', constant: unquoted(textOf(first ?? node, text)) };
    case 'Number':
      return { ...range, is: 'constant', constant: numberIn(textOf(node, text)) };
    case 'Boolean':
      return { ...range, is: 'constant', constant: textOf(node, text) === 'True' };
    case 'VariableName':
    case 'MemberExpression':
      return { ...range, is: 'name', name: pathOf(node, text) };
    case 'CallExpression':
      return {
        ...range,
        is: 'call',
        callee: first ? pathOf(first, text) : '',
        ...argumentsOf(node.getChild('ArgList'), text),
      };
    case 'DictionaryExpression': {
      const fields: Record<string, Value> = {};
      for (const colon of node.getChildren(':')) {
        const key = colon.prevSibling;
        const given = colon.nextSibling;
        if (key?.name === 'String' && given) fields[unquoted(textOf(key, text))] = value(given, text);
      }
      return { ...range, is: 'record', fields };
    }
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'SetExpression':
      return {
        ...range,
        is: 'list',
        items: itemsOf(node, text, value),
      };
    case 'BinaryExpression':
      return operationOf(node, text, value);
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
      return first?.nextSibling ? value(first.nextSibling, text) : { ...range, is: 'other' };
    case 'LambdaExpression':
      return { ...range, is: 'function' };
    default:
      return { ...range, is: 'other' };
  }
}
