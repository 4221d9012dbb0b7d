import type { Statement } from 'acorn';
import type { Node } from './syntax.ts';

/** How a function's code is run: in steps, natively async, at once, or once only when its module is evaluated. */
export type Mode = 'steps' | 'async' | 'once' | 'module';

/** A wait in a place that can't be carried over. */
export interface Problem {
  /** Of the source, from 0. */
  readonly offset: number;
  /** What it stands in, such as `a getter`. */
  readonly construct: string;
}

/** What the functions that a list of statements declares put at its start. */
export interface Hoisted {
  readonly bodies: Statement[];
  /** Expressions that say which body belongs to which function. */
  readonly definitions: Node[];
}

/** Where a node stands, as far as it matters to how it is rewritten. */
export interface Context {
  readonly mode: Mode;
  /** Why code that runs at once can't wait. */
  readonly construct: string;
  /** Private methods that run in steps, and whether they are async. */
  readonly privates: ReadonlyMap<string, boolean>;
  /** Of the list of statements around. */
  readonly hoisted: Hoisted | null;
  /** Variables that the function around needs: each call of it has its own, as getters call functions too. */
  readonly variables: Set<string>;
}

/** Rewrites a node. @returns What takes its place. */
export type Visit = (node: Node, context: Context, parent: Node) => Node;
