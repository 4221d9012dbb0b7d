import { block, putFirst, runtime, sequence, statement, undefinedAt } from '../blocking/nodes.ts';
import { isFunction, type Node, replaceChildren } from '../blocking/syntax.ts';

const LOOPS = new Set(['WhileStatement', 'DoWhileStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement']);

/**
 * Prepares a module to be run by the engine, whether or not anything in it waits: each turn of each loop, and each call of a
 * function, asks first whether its time is over, as code that never lets go of the thread could not be ended otherwise; and
 * `import()` is refused when it runs, as k6 does.
 *
 * @param node Is changed.
 */
export function prepare(node: Node): void {
  replaceChildren(node, (child) => {
    prepare(child);
    return replacement(child);
  });
  if (isFunction(node) && node.body.type === 'BlockStatement') putFirst(node.body.body, [tick(node.body)]);
  if (LOOPS.has(node.type)) {
    const loop = node as Node & { body: Node };
    if (loop.body.type === 'BlockStatement') loop.body.body.unshift(tick(loop.body) as never);
    else loop.body = block(loop.body, [tick(loop.body), loop.body]);
  }
}

function replacement(node: Node): Node {
  switch (node.type) {
    case 'ImportExpression':
      return runtime(node, 'refuseImport', node.source);
    // A text in parentheses would be printed as a directive.
    case 'ExpressionStatement':
      if (node.expression.type === 'Literal' && node.directive === undefined)
        node.expression = undefinedAt(node) as never;
      return node;
    // So would be a function or class in parentheses as a declaration, whose name the module would then have.
    case 'ExportDefaultDeclaration': {
      const { declaration } = node;
      if ((declaration.type === 'FunctionExpression' || declaration.type === 'ClassExpression') && declaration.id) {
        node.declaration = sequence(declaration, [undefinedAt(declaration), declaration]) as never;
      }
      return node;
    }
    default:
      return node;
  }
}

const tick = (at: Node): Node => statement(runtime(at, 'tick'));
