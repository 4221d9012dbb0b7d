import type { Language } from './language.ts';

/** `process.env.NAME` or `process.env['NAME']`, with the text or number that replaces it if it is unset. */
const READ = /\bprocess\.env(?:\.(\w+)|\[(['"])(\w+)\2\])(?:\s*(?:\?\?|\|\|)\s*(?:(['"`])([^'"`\n]*)\4|(\d+)))?/g;
/** `const { NAME, OTHER = 'value' } = process.env`. */
const TAKEN = /\{([^{}]*)\}\s*=\s*process\.env\b/g;
const TAKEN_NAME = /(?:^|,)\s*(\w+)(?:\s*:\s*\w+)?(?:\s*=\s*['"`]([^'"`\n]*)['"`])?/g;
/** `app.get('/path'` in Express, Fastify, Hono and others. The paths of routers are not known to be complete. */
const ROUTE = /\b(?:app|server|fastify)\.(get|post|put|patch|delete)\(\s*(['"`])(\/[^'"`\n]*)\2/g;

/** JavaScript and TypeScript. */
export const javascript: Language = {
  files: '{*,*/*,src/*/*}.{js,mjs,cjs,ts,mts}',
  others: /^(\.|node_modules$|dist$|build$|coverage$|tests?$|proofload)|\.(test|spec|config|d)\.\w+$/,
  variables: (text) => {
    const read = [...text.matchAll(READ)].map(([, name, , quoted, , words, number]) => ({
      name: name ?? quoted ?? '',
      value: words ?? number ?? '',
    }));
    const taken = [...text.matchAll(TAKEN)].flatMap(([, names = '']) =>
      [...names.matchAll(TAKEN_NAME)].map(([, name = '', value = '']) => ({ name, value })),
    );
    return [...read, ...taken];
  },
  routes: (text) =>
    [...text.matchAll(ROUTE)].map(([, method = '', , path = '']) => ({
      methods: [method],
      path: path.replace(/:(\w+)/g, '{$1}'),
    })),
};
