import { type AnyNode, isComment, isDirective, isTag, isText } from 'domhandler';
import { attributesOf, childrenOf } from './node.ts';

const VOID = new Set('area base br col embed hr img input keygen link meta param source track wbr'.split(' '));
/** Elements whose text is written unescaped. */
const LITERAL = new Set(['iframe', 'noembed', 'noframes', 'noscript', 'plaintext', 'script', 'style', 'xmp']);
/** Elements that lose a leading newline when parsed unless another newline precedes it. */
const KEEP_NEWLINE = new Set(['pre', 'listing', 'textarea']);

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  "'": '&#39;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  '\r': '&#13;',
};

const escapeText = (text: string): string => text.replace(/[&'<>"\r]/g, (character) => ESCAPES[character] ?? '');

/** Renders a node's content like Go's `html.Render`. Implements k6's `html()`. */
export const innerHtml = (node: AnyNode): string => childrenOf(node).map(render).join('');

function render(node: AnyNode): string {
  if (isText(node)) return escapeText(node.data);
  if (isComment(node)) return `<!--${node.data.replaceAll('&', '&amp;')}-->`;
  if (!isTag(node)) return isDirective(node) ? `<${node.data}>` : '';
  const attributes = attributesOf(node).map(
    ({ name, prefix, value }) => ` ${prefix === '' ? '' : `${prefix}:`}${name}="${escapeText(value)}"`,
  );
  const open = `<${node.name}${attributes.join('')}`;
  if (VOID.has(node.name)) return `${open}/>`;
  const children = childrenOf(node);
  const [first] = children;
  const newline = first && isText(first) && first.data.startsWith('\n') && KEEP_NEWLINE.has(node.name) ? '\n' : '';
  const isLiteral = LITERAL.has(node.name);
  const content = children.map((child) => (isLiteral && isText(child) ? child.data : render(child))).join('');
  return `${open}>${newline}${content}</${node.name}>`;
}
