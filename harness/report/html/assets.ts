import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The page's own scripts, in the order in which they need each other. */
const SCRIPTS = ['looks', 'overlay', 'charts', 'page'].map((name) => new URL(`browser/${name}.js`, import.meta.url));

/** Style and script of the report, and the policy that lets only these in. */
export async function readAssets(): Promise<{ style: string; script: string; policy: string }> {
  const library = require.resolve('uplot/dist/uPlot.iife.min.js');
  const styles = [require.resolve('uplot/dist/uPlot.min.css'), new URL('report.css', import.meta.url)];
  const [style, chartLibrary, own] = await Promise.all([join(styles), join([library]), join(SCRIPTS)]);
  const script = `${chartLibrary}\n(() => {\n${own}\n})();`;
  const policy = [
    "default-src 'none'",
    `script-src ${source(script)}`,
    `style-src ${source(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return { style, script, policy: policy.join('; ') };
}

async function join(files: (string | URL)[]): Promise<string> {
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
}

const source = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
