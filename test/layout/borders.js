/**
 * Checks that imports point one way, types included (see rooms.js), that tests are where readers look for them, and that
 * docs/architecture.md shows the rooms and the graph of their imports. With `--write`, writes both. Exits with 1 if something is wrong.
 */
import { glob, readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { cruise } from 'dependency-cruiser';
import { misplacedTests } from './misplaced-tests.js';
import { ROOMS, RULES, roomOf, roomTable } from './rooms.js';

const TOP = ['engine', 'faults', 'mocks', 'harness', 'scenarios', 'service', 'bench', 'test'];
/** Code of packages of their own, and of others. */
const APART = 'node_modules|^test/(certify|mutation|layout)/';
const PAGE = 'docs/architecture.md';

/**
 * Reads the imports of all source files, and applies the rules.
 *
 * @throws Error if the tool has not seen all files, or if one is in no room
 */
export async function readImports(root = '.') {
  const { output } = await cruise(TOP, {
    baseDir: root,
    // The only parser that knows all of the syntax, and which imports are of types. It needs TypeScript 6.
    parser: 'tsc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: APART },
    validate: true,
    ruleSet: RULES,
  });
  const seen = new Set(output.modules.map(({ source }) => source));
  const found = await Array.fromAsync(glob(`{${TOP.join()}}/**/*.ts`, { cwd: root, exclude: ['**/node_modules'] }));
  const files = found.filter((file) => !new RegExp(APART).test(file));
  const [unseen] = files.filter((file) => !seen.has(file));
  if (unseen) throw new Error(`the tool has not seen ${unseen}, but ${seen.size} files beside it`);
  const [homeless] = files.filter((file) => roomOf(file) === undefined);
  if (homeless) throw new Error(`${homeless} is in no room: add its folder to test/layout/rooms.js`);
  return output;
}

/** Describes each import that breaks a rule. */
export const violationsIn = ({ summary }) =>
  summary.violations.map(({ rule: { name }, from, to, cycle }) => {
    const { comment } = RULES.forbidden.find((rule) => rule.name === name);
    return `${from} -> ${cycle ? cycle.map((step) => step.name).join(' -> ') : to}: ${comment} (${name})`;
  });

/** Returns the graph of the rooms as a Mermaid diagram. Arrows that follow from others are left out. */
function drawRooms({ modules }) {
  const arrows = new Map(ROOMS.map((room) => [room, new Set()]));
  for (const { source, dependencies } of modules) {
    for (const { resolved } of dependencies) {
      const [from, to] = [roomOf(source), roomOf(resolved)];
      if (from && to && from !== to) arrows.get(from).add(to);
    }
  }
  const reached = (from) => new Set([...arrows.get(from)].flatMap((to) => [to, ...reached(to)]));
  const shown = ROOMS.filter((room) => !['bench', 'test'].includes(room)).map((from) => {
    const direct = [...arrows.get(from)];
    const needed = direct.filter((to) => !direct.some((other) => other !== to && reached(other).has(to)));
    const node = `${idOf(from)}["${from.replace('harness/', '')}/"]`;
    return `  ${[node, ...(needed.length > 0 ? [needed.map(idOf).join(' & ')] : [])].join(' --> ')}\n`;
  });
  return `\`\`\`mermaid\ngraph TD\n${shown.join('')}\`\`\``;
}

const idOf = (room) => room.replace('/', '-');

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const imports = await readImports();
  const problems = [...violationsIn(imports), ...misplacedTests(imports)];
  const page = await readFile(PAGE, 'utf8');
  const drawn = page
    .replace(/```mermaid\n.*?```/s, () => drawRooms(imports))
    .replace(/\| room \|.*?\n(?=\n)/s, () => `${roomTable()}\n`);
  if (process.argv.includes('--write')) await writeFile(PAGE, drawn);
  else if (drawn !== page) problems.push(`${PAGE} shows other rooms or imports: run \`make docs\``);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
