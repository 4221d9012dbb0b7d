import type { AnyNode } from 'domhandler';
import { encodeQuery } from '../net/go-escape.ts';
import { attributeOf, nameOf } from './node.ts';
import { innerHtml } from './render.ts';

/** Returns an element's `value` attribute, or its inner HTML if it has none. */
const valueOrHtml = (node: AnyNode | undefined): string =>
  node === undefined ? '' : (attributeOf(node, 'value') ?? innerHtml(node));

/**
 * Returns the value that a form submits for an element: a list for `<select multiple>`, or undefined if the element is
 * not a field.
 *
 * @param find Finds descendants that match a selector.
 */
export function fieldValue(
  node: AnyNode | undefined,
  find: (selector: string) => AnyNode[],
): string | string[] | undefined {
  if (node === undefined) return undefined;
  const value = attributeOf(node, 'value');
  switch (nameOf(node)) {
    case 'input':
      return value ?? (/^(radio|checkbox)$/.test(attributeOf(node, 'type') ?? '') ? 'on' : '');
    case 'button':
      return value ?? '';
    case 'textarea':
      return innerHtml(node);
    case 'option':
      return valueOrHtml(node);
    case 'select': {
      const selected = find('option[selected]');
      return attributeOf(node, 'multiple') === undefined ? valueOrHtml(selected[0]) : selected.map(valueOrHtml);
    }
    default:
      return undefined;
  }
}

const NOT_SENT = ['submit', 'button', 'reset', 'image', 'file'];

/** Whether a form submits a field. As in k6, a bare `checked` or `disabled` does not count. */
export function isSent(node: AnyNode): boolean {
  const of = (name: string) => attributeOf(node, name) ?? '';
  const type = of('type');
  if (of('name') === '' || of('disabled') === 'disabled' || NOT_SENT.includes(type)) return false;
  return of('checked') === 'checked' || (type !== 'checkbox' && type !== 'radio');
}

export interface FormValue {
  readonly name: string;
  readonly value: string | string[] | undefined;
}

/** Encodes values like a form. If a name occurs more than once, the last value counts. */
export function encodeForm(values: readonly FormValue[]): string {
  const byName = new Map(values.map(({ name, value }) => [name, value]));
  return encodeQuery(
    [...byName].flatMap(([name, value]): [string, string][] => [value ?? []].flat().map((single) => [name, single])),
  );
}
