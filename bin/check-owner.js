import { readFileSync } from 'node:fs';

/** `npm pack` and `npm publish` stop here while the links in package.json lead nowhere. */
const { name, homepage, repository, bugs } = JSON.parse(readFileSync('package.json', 'utf8'));
const placeholders = Object.entries({ homepage, 'repository.url': repository?.url, bugs })
  .filter(([, link]) => String(link).includes('OWNER'))
  .map(([field, link]) => `  ${field}: ${link}`);
const isForTests = process.env.PACK_FOR_TESTS === '1' && process.env.npm_command !== 'publish';

if (placeholders.length > 0 && !isForTests) {
  console.error(`package.json of ${name} contains OWNER instead of the repository's owner:
${placeholders.join('\n')}
Replace OWNER by the owner's name (docs/releasing.md). PACK_FOR_TESTS=1 packs it anyway, for tests only.`);
  process.exitCode = 1;
}
