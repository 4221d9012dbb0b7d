import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCS = join(ROOT, 'docs');
const { homepage } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const REPOSITORY = homepage.replace(/#.*/, '');

/** Hides two labels of the theme: one has little contrast, and the other differs from what screen readers say. */
const LEGIBLE = '.vp-doc span.lang, .DocSearch-Button-Keys { display: none !important }';

/** The pages of docs/ as a static site, with a search that needs no server. `make site` builds it. */
export default defineConfig({
  title: 'proofload',
  description: 'Chaos and stress tests for HTTP services',
  head: [
    ['link', { rel: 'icon', href: 'data:,' }],
    ['style', {}, LEGIBLE],
  ],
  srcDir: DOCS,
  outDir: join(ROOT, 'results/site'),
  cacheDir: join(ROOT, 'node_modules/.cache/vitepress'),
  // Each folder's README is its first page, as on GitHub.
  rewrites: { 'README.md': 'index.md', ':folder/README.md': ':folder/index.md' },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // Links have the fragments of GitHub.
    anchor: { slugify: (text) => slug(text) },
    config: (md) => md.core.ruler.push('links', followLinks),
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    // Each page contains its sidebar, so long lists are only beside their own pages.
    sidebar: {
      '/contract/': [{ text: 'Contract', link: '/contract/', items: pagesOf('contract') }, ...sectionsOf('README.md')],
      '/how-to/': [...sectionsOf('how-to/README.md'), ...sectionsOf('README.md')],
      '/': sectionsOf('README.md'),
    },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
  },
});

/**
 * Points links to the site's pages, and those to other files of the repository to the repository. Code has no
 * placeholders of Vue.
 */
function followLinks({ tokens, env }) {
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    if (token.type === 'code_inline') token.attrSet('v-pre', '');
    const href = token.type === 'link_open' ? token.attrGet('href') : null;
    if (href !== null && !/^(?:[a-z]+:|#)/.test(href)) token.attrSet('href', targetOf(href, env.path));
  }
}

function targetOf(href, page) {
  const [file, ...fragment] = href.split(/(?=#)/);
  const path = resolve(dirname(page), file);
  if (relative(DOCS, path).startsWith('..'))
    return `${REPOSITORY}/blob/main/${relative(ROOT, path)}${fragment.join('')}`;
  return href.replace(/README\.md/, 'index.md');
}

/** Returns the lists of links of a page, by the headings above them. */
function sectionsOf(page) {
  const sections = readFileSync(join(DOCS, page), 'utf8').split(/^## /m).slice(1);
  return sections
    .map((section) => ({
      text: section.split('\n', 1)[0],
      items: [...section.matchAll(/^- \[([^\]]+)\]\(([^)]+)\)/gm)].map(([, text, link]) => ({
        text,
        link: `/${join(dirname(page), link).replace(/README\.md$/, '')}`,
      })),
    }))
    .filter(({ items }) => items.length > 0);
}

/** Returns all pages of a folder, by their names. */
function pagesOf(folder) {
  const names = readdirSync(join(DOCS, folder)).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return names.sort().map((name) => ({ text: name.replace('.md', ''), link: `/${folder}/${name}` }));
}
