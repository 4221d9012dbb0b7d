import type { AnyNode } from 'domhandler';
import { orNothing } from '../base/or-nothing.ts';
import { attributesOf } from './node.ts';

/** Words that k6 writes in upper case within names. */
const INITIALISMS = new Set(
  `ACL API ASCII CPU CSS DNS EOF ETA GPU GUID HTML HTTP HTTPS ID IP JSON LHS OS QPS RAM RHS RPC SLA SMTP SQL SSH TCP TLS TTL UDP UI UID
  UUID URI URL UTF8 VM XML XMPP XSRF XSS`.split(/\s+/),
);

/** Returns a node's `data-` attributes by name. For example, `data-user-id` becomes `userID`. */
export function dataOf(node: AnyNode | undefined): Record<string, unknown> | undefined {
  const attributes = node ? attributesOf(node) : [];
  if (attributes.length === 0) return undefined;
  const data = attributes.filter(({ name }) => name.startsWith('data-') && name.length > 5);
  return Object.fromEntries(data.map(({ name, value }) => [toProperty(name.slice(5)), convert(value)]));
}

/** Returns a single `data-` attribute, by the attribute's name or by its name in {@link dataOf}. */
export function dataOfName(node: AnyNode | undefined, key: string): unknown {
  const found = (node ? attributesOf(node) : []).find(({ name }) => name === `data-${toAttribute(key)}`);
  return found && convert(found.value);
}

function toProperty(name: string): string {
  const [first = '', ...rest] = name.split('-');
  const words = rest.map((word) => {
    const upper = word.toUpperCase();
    return INITIALISMS.has(upper) ? upper : word.charAt(0).toUpperCase() + word.slice(1);
  });
  return [first, ...words].join('');
}

const CAPITALS = new RegExp(
  `(?:${[...INITIALISMS].sort((a, b) => b.length - a.length).join('|')})(?![a-z])|[A-Z]`,
  'g',
);

const toAttribute = (name: string): string =>
  name
    .replace(CAPITALS, (word, at: number) => (at === 0 ? '' : '-') + word.toLowerCase())
    .toLowerCase()
    .replaceAll('_', '-');

function convert(value: string): unknown {
  if (value === '' || value === 'null' || value === 'undefined') return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  if (/^[[{]/.test(value)) return orNothing<unknown>(() => JSON.parse(value)) ?? value;
  return /^-?(0|[1-9]\d*)(\.\d*[1-9])?$/.test(value) ? Number(value) : value;
}
