import { createRequire } from 'node:module';
import { type AnyNode, type Document, type Element, hasChildren, isTag } from 'domhandler';
import { orNothing } from '../base/or-nothing.ts';
import { notAvailable } from '../vu/not-available.ts';

/** Selectors of css-select and jQuery that k6 doesn't support. In k6 they match nothing. */
const NOT_OF_K6 =
  `first last eq nth gt lt even odd header parent selected button checkbox file image password radio reset submit text
  icontains is where scope any-link`.split(/\s+/);

const UNKNOWN_TO_K6 = new RegExp(`:(?:${NOT_OF_K6.join('|')})(?![\\w-])`, 'i');

/** Selectors with regular expressions, which only k6 supports. */
const ONLY_K6 = /:matches(?:Own)?\(|:containsOwn\(|:haschild\(|#=/i;

/** Loads the parser and the selectors synchronously when they are first needed, because most scripts parse no page. */
const require = createRequire(import.meta.url);
const parser = (): typeof import('parse5') => require('parse5');
const treeAdapter = (): typeof import('parse5-htmlparser2-tree-adapter') => require('parse5-htmlparser2-tree-adapter');
const selectors = (): typeof import('css-select') => require('css-select');

/** Selectors such as `+ p`, which start at the given nodes and not at their children. */
const STARTS_AT_NODE = /^\s*[+~]/;

/** Otherwise, selectors would find nothing inside templates. */
const AS_K6 = { xmlMode: true, lowerCaseTags: true, lowerCaseAttributeNames: true };

/** A parsed page. */
export class Page {
  readonly root: Document;
  /** The page's URL. Empty if the page was parsed from a string. */
  readonly url: string;

  /** Never throws, since any text is valid HTML. */
  constructor(text: string, url: string) {
    const { adapter } = treeAdapter();
    // In k6, the content of a template is inside it like that of any other element.
    const inside = { ...adapter, getTemplateContent: (template: Element) => template, setTemplateContent: () => {} };
    this.root = parser().parse(text, { treeAdapter: inside as unknown as typeof adapter, scriptingEnabled: true });
    this.url = url;
  }

  /** Finds the elements below the given nodes that match a selector, in document order. */
  find(selector: string, within: readonly AnyNode[] = [this.root]): AnyNode[] {
    const children = within.flatMap((node) => (hasChildren(node) ? node.children : []));
    const from = STARTS_AT_NODE.test(selector) ? within : children.filter(isTag);
    const options = { ...AS_K6, context: [...within] };
    const { selectAll } = selectors();
    return withSelector(selector, () => selectAll(selector, [...new Set(from)], options), []);
  }

  is(node: AnyNode, selector: string): boolean {
    const { is } = selectors();
    return withSelector(selector, () => isTag(node) && is(node, selector, AS_K6), false);
  }

  /** Returns the closest match among a node and its ancestors. */
  closest(node: AnyNode, selector: string): AnyNode | undefined {
    const { is } = selectors();
    const select = (): AnyNode | undefined => {
      let at = isTag(node) ? node : node.parent;
      while (at && isTag(at) && !is(at, selector, AS_K6)) at = at.parent;
      return at && isTag(at) ? at : undefined;
    };
    return withSelector(selector, select, undefined);
  }
}

/**
 * Selects elements the way k6 does: an invalid selector matches nothing.
 *
 * @throws EngineError NOT_AVAILABLE for selectors that k6 supports and the engine does not
 */
function withSelector<T>(selector: string, select: () => T, nothing: T): T {
  if (ONLY_K6.test(selector)) {
    notAvailable(`the selector '${selector}'`);
  }
  if (selector.trim() === '' || UNKNOWN_TO_K6.test(selector)) return nothing;
  return orNothing(select) ?? nothing;
}
