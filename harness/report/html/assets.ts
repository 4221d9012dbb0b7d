import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { bundleBrowserCode, readPacked } from './bundle-browser-code.ts';

/** The files of uPlot that a page needs in addition to its code. */
export const CHART_FILES = ['LICENSE', 'dist/uPlot.min.css'] as const;

/** The copy of such a file in the published package, which doesn't depend on uPlot. */
export const chartCopy = (file: (typeof CHART_FILES)[number]): URL =>
  new URL(`uplot-${basename(file)}`, import.meta.url);

const readChartFile = async (file: (typeof CHART_FILES)[number]): Promise<string> =>
  (await readPacked(chartCopy(file))) ?? readFile(createRequire(import.meta.url).resolve(`uplot/${file}`), 'utf8');

/** Styles that all pages use. */
const STYLES = ['theme', 'parts'].map((name) => new URL(`${name}.css`, import.meta.url));

/** The styles and the script of one page. */
interface Parts {
  /** Styles in addition to those that all pages use. */
  styles: readonly URL[];
  /** The entry module, which imports the others. */
  script: URL;
  /** Whether the script may send requests to its own server. */
  connects?: boolean;
}

/** Returns a page's style and script, and a content security policy that allows nothing else. */
export async function readAssets(parts: Parts): Promise<{ style: string; script: string; policy: string }> {
  const [license, chartStyle, styles, code] = await Promise.all([
    readChartFile('LICENSE'),
    readChartFile('dist/uPlot.min.css'),
    Promise.all([...STYLES, ...parts.styles].map((file) => readFile(file, 'utf8'))),
    bundleBrowserCode(parts.script),
  ]);
  // A report is distributed as a single file, so it must include uPlot's license.
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
