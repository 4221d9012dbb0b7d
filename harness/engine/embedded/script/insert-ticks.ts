import type MagicString from 'magic-string';
import { childrenOf, isFunction, type Node } from '../blocking/syntax.ts';

const LOOPS = new Set(['WhileStatement', 'DoWhileStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement']);

/**
 * Makes each turn of each loop, and each call of a function, ask first whether its time is over: code that never lets
 * go of the thread could not be ended otherwise. No line moves.
 */
export function insertTicks(code: MagicString, node: Node, tick: string): void {
  if (isFunction(node) && node.body.type === 'BlockStatement') code.appendRight(node.body.start + 1, ` ${tick};`);
  if (LOOPS.has(node.type)) {
    const { body } = node as Node & { body: Node };
    if (body.type === 'BlockStatement') code.appendRight(body.start + 1, ` ${tick};`);
    else {
      code.prependRight(body.start, `{ ${tick}; `);
      code.appendLeft(body.end, ' }');
    }
  }
  for (const child of childrenOf(node)) insertTicks(code, child, tick);
}
