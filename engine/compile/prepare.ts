import { block, id, putFirst, runtime, sequence, statement, undefinedAt } from '../blocking/nodes.ts';
import { isFunction, type Node, replaceChildren } from '../blocking/syntax.ts';

const LOOPS = new Set(['WhileStatement', 'DoWhileStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement']);

/**
 * Prepares a module, whether or not it contains blocking calls. Every loop iteration and function call first checks the
 * time limit, because there is no other way to stop code that never yields the thread. As in k6, `import()` throws at
 * run time.
 *
 * @param node Modified in place.
 */
export function prepare(node: Node): void {
  replaceChildren(node, (child) => {
    prepare(child);
    return replacement(child);
  });
  if (isFunction(node) && node.body.type === 'BlockStatement') putFirst(node.body.body, [tick(node.body)]);
  // Code that must end doesn't continue in them.
  if (node.type === 'CatchClause') putFirst(node.body.body, [tick(node.body)]);
  if (node.type === 'TryStatement' && node.finalizer) putFirst(node.finalizer.body, [tick(node.finalizer)]);
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
    case 'MetaProperty':
      return node.meta.name === 'import' ? id(node, '$k6meta') : node;
    // A parenthesized string would be printed as a directive.
    case 'ExpressionStatement':
      if (node.expression.type === 'Literal' && node.directive === undefined)
        node.expression = undefinedAt(node) as never;
      return node;
    // A parenthesized function or class would be printed as a declaration, and its name would become a binding in the
    // module.
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
