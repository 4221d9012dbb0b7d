import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { readText } from '../../faults/base/read-text.ts';
import { ProofloadError } from '../base/errors.ts';

const NAME = '.github/workflows/proofload.yml';

/** How to install a service's packages in a workflow, by the file that says so. The first that exists is taken. */
const SETUPS: readonly { file: string; steps: string }[] = [
  { file: 'go.mod', steps: `      - uses: actions/setup-go@v6\n        with: { go-version-file: go.mod }\n` },
  {
    file: 'requirements.txt',
    steps: `      - uses: actions/setup-python@v6\n        with: { python-version: "3.13" }\n      - run: pip install -r requirements.txt\n`,
  },
  {
    file: 'pyproject.toml',
    steps: `      - uses: actions/setup-python@v6\n        with: { python-version: "3.13" }\n      - run: pip install .\n`,
  },
  {
    file: 'pom.xml',
    steps: `      - uses: actions/setup-java@v5\n        with: { distribution: temurin, java-version: "21" }\n      - run: mvn -B package -DskipTests\n`,
  },
];

const INSTALLS: Readonly<Record<string, string>> = {
  'package-lock.json': 'npm ci',
  'pnpm-lock.yaml': 'corepack enable && pnpm install --frozen-lockfile',
  'yarn.lock': 'corepack enable && yarn install --frozen-lockfile',
};

/**
 * Writes a workflow for GitHub Actions that runs the contract's scenarios.
 *
 * @returns Its path, relative to the folder.
 * @throws ProofloadError USAGE if it exists and must not be replaced
 */
export async function writeWorkflow(folder: string, contract: string, mayReplace: boolean): Promise<string> {
  requireNewWorkflow(folder, mayReplace);
  const root = rootOf(folder);
  const path = join(root, NAME);
  const service = relative(root, folder).split(sep).join('/');
  const setup = SETUPS.find(({ file }) => existsSync(join(folder, file)))?.steps ?? '';
  const [, install = 'npm i'] = Object.entries(INSTALLS).find(([file]) => existsSync(join(folder, file))) ?? [];
  const directory = service === '' ? '' : `    defaults: { run: { working-directory: ${service} } }\n`;
  const results = service === '' ? 'results' : `${service}/results`;
  const named = contract === 'proofload.yaml' ? '' : ` --contract ${contract}`;
  await mkdir(dirname(path), { recursive: true });
  const isBuilt = setup === '' && /"build"\s*:/.test(await readText(join(folder, 'package.json')).catch(() => ''));
  await writeFile(
    path,
    `name: proofload
on: [push, pull_request]
permissions: { contents: read }
jobs:
  proofload:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
${directory}    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
      - uses: actions/setup-node@v5
        with: { node-version: 24 }
${setup}      - run: ${install}
${isBuilt ? '      - run: npm run build\n' : ''}      - run: npx proofload run stress chaos${named}
      # The report shows what failed, and how to see it again. Everyone can read what a public repository uploads.
      - if: failure() && github.event.repository.private
        uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with: { name: proofload, path: ${results}, retention-days: 7 }
`,
  );
  return relative(folder, path);
}

/** @throws ProofloadError USAGE if a workflow exists and must not be replaced */
export function requireNewWorkflow(folder: string, mayReplace: boolean): void {
  const path = join(rootOf(folder), NAME);
  if (!mayReplace && existsSync(path))
    throw new ProofloadError('USAGE', `${path} already exists; use --force to replace it`);
}

/** Returns the folder of the git repository that contains a folder, or the folder itself. */
function rootOf(folder: string): string {
  for (let above = folder; ; above = dirname(above)) {
    if (existsSync(join(above, '.git'))) return above;
    if (dirname(above) === above) return folder;
  }
}
