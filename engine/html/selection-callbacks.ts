import type { AnyNode } from 'domhandler';
import { GoError, TestAbortedError } from '../base/errors.ts';
import { callInSteps, type Steps } from '../blocking/carried.ts';
import { methodInSteps } from '../vu/in-steps.ts';
import { attributeOf } from './node.ts';
import { Selection } from './selection.ts';

/** Wraps a node for callbacks of `filter()`, `not()` and `is()` as in k6, where `attr()` returns two values. */
function rawSelection(selection: Selection, node: AnyNode): Selection {
  const raw = Selection.from(selection, [node]);
  const classes = (attributeOf(node, 'class') ?? '').split(/\s+/);
  return Object.assign(raw, {
    attr: (name: unknown) => {
      const value = attributeOf(node, String(name));
      return [value ?? '', value !== undefined];
    },
    attrOr: (name: unknown, otherwise: unknown) => attributeOf(node, String(name)) ?? otherwise,
    hasClass: (name: unknown) => classes.includes(String(name)),
    length: () => 1,
  });
}

function* matching(selection: Selection, by: unknown): Steps<AnyNode[]> {
  const matched: AnyNode[] = [];
  for (const [index, node] of Selection.nodesOf(selection).entries()) {
    if (yield* callInSteps(by, by, [index, rawSelection(selection, node)])) matched.push(node);
  }
  return matched;
}

function* each(this: unknown, visit: unknown): Steps {
  const selection = this as Selection;
  assertFunction(visit, 'each() must be a function');
  for (const [index, node] of Selection.nodesOf(selection).entries()) {
    try {
      yield* callInSteps(visit, visit, [index, Selection.elementOf(selection, node)]);
    } catch (error) {
      if (error instanceof TestAbortedError) throw error;
      throw new GoError(`the function passed to each() failed: ${String(error)}`, { cause: error });
    }
  }
  return Selection.from(selection, Selection.nodesOf(selection));
}

/** Implements `map()`. As in k6, if a call throws, only its value is omitted. */
function* map(this: unknown, mapper: unknown): Steps {
  const selection = this as Selection;
  assertFunction(mapper, 'map() must be a function');
  const results: unknown[] = [];
  for (const [index, node] of Selection.nodesOf(selection).entries()) {
    try {
      results.push(yield* callInSteps(mapper, mapper, [index, Selection.from(selection, [node])]));
    } catch (error) {
      if (error instanceof TestAbortedError) throw error;
    }
  }
  return results;
}

/** Returns the nodes that match a selector, that belong to another selection, or for which a function returns true. */
function* kept(selection: Selection, by: unknown, method: string): Steps<AnyNode[]> {
  const nodes = Selection.nodesOf(selection);
  if (typeof by === 'string') return nodes.filter((node) => Selection.pageOf(selection).is(node, by));
  if (Selection.is(by)) return nodes.filter((node) => Selection.nodesOf(by).includes(node));
  assertFunction(by, `${method}() must be a function, a selector or a selection`);
  return yield* matching(selection, by);
}

function* filter(this: unknown, by: unknown): Steps {
  const selection = this as Selection;
  return Selection.from(selection, yield* kept(selection, by, 'filter'));
}

function* is(this: unknown, by: unknown): Steps {
  return (yield* kept(this as Selection, by, 'is')).length > 0;
}

function* not(this: unknown, by: unknown): Steps {
  const selection = this as Selection;
  const nodes = Selection.nodesOf(selection);
  if (typeof by === 'function') {
    const matched = yield* matching(selection, by);
    return Selection.from(
      selection,
      nodes.filter((node) => !matched.includes(node)),
    );
  }
  return Selection.without(selection, by);
}

function assertFunction(given: unknown, what: string): void {
  if (typeof given !== 'function') throw new GoError(`the argument to ${what}`);
}

for (const [name, body] of Object.entries({ each, filter, is, map, not })) {
  const value = methodInSteps((self) => Selection.vuOf(self as Selection), body);
  Object.defineProperty(Selection.prototype, name, { value, writable: true, configurable: true });
}
