import type { Language } from './language.ts';

/** `os.environ['NAME']`, `os.environ.get('NAME', 'value')` or `os.getenv('NAME', 'value')`. */
const READ = /\b(?:environ(?:\.get)?|getenv)\s*[[(]\s*(['"])(\w+)\1(?:\s*,\s*(?:(['"])([^'"\n]*)\3|(\d+)))?/g;
/** `@app.get('/path'` in FastAPI and Flask, or `@app.route('/path', methods=['POST'])`. Routers may add a prefix. */
const ROUTE = /@(?:app|application|api)\.(get|post|put|patch|delete|route)\(\s*(['"])(\/[^'"\n]*)\2([^)]*)/g;
const METHOD = /['"](GET|POST|PUT|PATCH|DELETE)['"]/g;

export const python: Language = {
  files: '{*,*/*,src/*/*}.py',
  others: /^(\.|tests?$|test_|conftest|venv|env$|build$|dist$)|_test\.py$/,
  variables: (text) =>
    [...text.matchAll(READ)].map(([, , name = '', , words, number]) => ({ name, value: words ?? number ?? '' })),
  routes: (text) =>
    [...text.matchAll(ROUTE)].map(([, method = '', , path = '', others = '']) => ({
      methods: method === 'route' ? methodsIn(others) : [method],
      // Flask's `<int:id>`.
      path: path.replace(/<(?:\w+:)?(\w+)>/g, '{$1}'),
    })),
};

function methodsIn(others: string): string[] {
  const named = [...others.matchAll(METHOD)].map(([, method = '']) => method.toLowerCase());
  return named.length === 0 ? ['get'] : named;
}
