import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Scripts that every page has, in the order in which they need each other. */
const SCRIPTS = ['looks', 'overlay', 'charts', 'reading', 'copying'].map((name) =>
  browserScript(import.meta.url, name),
);

/** Styles that every page has. */
const STYLES = ['theme', 'parts'].map((name) => new URL(`${name}.css`, import.meta.url));

/** A script of a page, in the folder `browser` beside the module that renders it. */
export function browserScript(module: string, name: string): URL {
  return new URL(`browser/${name}.js`, module);
}

/** What draws the charts: its license, its styles and its script. */
const CHART_LIBRARY = [
  require.resolve('uplot/LICENSE'),
  require.resolve('uplot/dist/uPlot.min.css'),
  require.resolve('uplot/dist/uPlot.iife.min.js'),
];

/** What a page has beside what all have. */
interface Own {
  styles: readonly URL[];
  /** They see what the scripts before them define. */
  scripts: readonly URL[];
  /** Whether its scripts may ask its own server for something. */
  connects?: boolean;
}

/** Style and script of a page, and the policy that lets only these in. */
export async function readAssets(own: Own): Promise<{ style: string; script: string; policy: string }> {
  const [license, libraryStyle, library] = await Promise.all(CHART_LIBRARY.map((file) => join([file])));
  const [styles, scripts] = await Promise.all([join([...STYLES, ...own.styles]), join([...SCRIPTS, ...own.scripts])]);
  // A page is passed on by itself, and the license asks to be passed on with the library.
  const notice = `/*! uPlot\n\n${license}\n*/`;
  const style = [notice, libraryStyle, styles].join('\n');
  const script = `${notice}\n${library}\n(() => {\n${scripts}\n})();`;
  const policy = [
    "default-src 'none'",
    `script-src ${source(script)}`,
    `style-src ${source(style)}`,
    'img-src data:',
    ...(own.connects ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return { style, script, policy: policy.join('; ') };
}

async function join(files: (string | URL)[]): Promise<string> {
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
}

const source = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
