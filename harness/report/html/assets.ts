import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bundleBrowserCode } from './bundle-browser-code.ts';

const require = createRequire(import.meta.url);

/** Styles that every page has. */
const STYLES = ['theme', 'parts'].map((name) => new URL(`${name}.css`, import.meta.url));

/** The styles and the script of one page. */
interface Parts {
  /** Added to those that every page has. */
  styles: readonly URL[];
  /** The module that is run; it imports the others. */
  script: URL;
  /** Whether the script may send requests to its own server. */
  connects?: boolean;
}

/** Returns a page's style and script, and a content security policy that allows nothing else. */
export async function readAssets(parts: Parts): Promise<{ style: string; script: string; policy: string }> {
  const [license, chartStyle, styles, code] = await Promise.all([
    readFile(require.resolve('uplot/LICENSE'), 'utf8'),
    readFile(require.resolve('uplot/dist/uPlot.min.css'), 'utf8'),
    Promise.all([...STYLES, ...parts.styles].map((file) => readFile(file, 'utf8'))),
    bundleBrowserCode(parts.script),
  ]);
  // A report is passed on as a single file, and the license of uPlot has to go with it.
  const notice = `/*! uPlot\n\n${license}\n*/`;
  const style = [notice, chartStyle, ...styles].join('\n');
  const script = `${notice}\n${code}`;
  const policy = [
    "default-src 'none'",
    `script-src ${source(script)}`,
    `style-src ${source(style)}`,
    'img-src data:',
    ...(parts.connects ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return { style, script, policy: policy.join('; ') };
}

const source = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
