import GithubSlugger from 'github-slugger';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

type Node = ReturnType<typeof fromMarkdown> | ReturnType<typeof fromMarkdown>['children'][number];

/** A block of code. */
interface Code {
  readonly language: string;
  readonly text: string;
  /** The source of the paragraph before it, or an empty text. */
  readonly after: string;
}

/** A page of Markdown as GitHub renders it. */
export interface RenderedPage {
  /** Where the source was meant as a table or as code, but is not rendered as one: line numbers with the source. */
  readonly mistaken: readonly string[];
  /** The addresses of its links and pictures. */
  readonly links: readonly string[];
  /** The fragments of its headings, such as `write-the-contract`. */
  readonly anchors: ReadonlySet<string>;
  /** The text of its first heading. */
  readonly title: string;
  /** Its blocks of code, each with the paragraph before it. */
  readonly code: readonly Code[];
}

/** A line that begins like a row of a table, or like a fence, after the marks of lists and quotes. */
const ROW_OR_FENCE = /^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*(?:\||```|~~~)/;

/** Reads a page by the rules of GitHub Flavored Markdown. */
export function renderPage(source: string): RenderedPage {
  const links: string[] = [];
  const mistaken: string[] = [];
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  const code: Code[] = [];
  let title = '';
  let paragraph = '';
  const visit = (node: Node): void => {
    const text = source.slice(node.position?.start.offset, node.position?.end.offset);
    const first = node.position?.start.line ?? 0;
    const report = (line: number): void => void mistaken.push(`${line}: ${source.split('\n')[line - 1]?.trim()}`);
    if ('url' in node) links.push(node.url);
    if (node.type === 'heading') {
      anchors.add(slugger.slug(textOf(node)));
      title ||= textOf(node);
    }
    if (node.type === 'code') code.push({ language: node.lang ?? '', text: node.value, after: paragraph });
    paragraph = node.type === 'paragraph' ? text : paragraph;
    if (node.type === 'paragraph' || node.type === 'heading') {
      for (const [index, line] of text.split('\n').entries()) if (ROW_OR_FENCE.test(line)) report(first + index);
    }
    // Code without a fence is text that is indented too far. Without its second fence, code extends to the end.
    if (node.type === 'code' && !isFenced(text)) report(first);
    if ('children' in node) for (const child of node.children) visit(child);
  };
  visit(fromMarkdown(source, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
  return { mistaken, links, anchors, title, code };
}

const isFenced = (code: string): boolean => /^(`{3,}|~{3,}).*\n(?:.*\n)*[\s>]*\1\s*$/.test(code);

const textOf = (node: Node | { value: string }): string => {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
};
