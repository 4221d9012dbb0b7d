import type { DocumentedOperation, JsonSchema, OpenApiDocument } from './document.ts';
import { STYLE } from './page-style.ts';
import { html, join, raw, type Safe } from './safe-html.ts';
import { schemaTable } from './schema-table.ts';

export { STYLE };

/**
 * Renders the OpenAPI document as a single page with a collapsible section for each operation. The page uses no scripts
 * or external resources, so it works without internet access.
 */
export function renderPage({ info, tags, paths }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const sections = tags.map(({ name, description }) => ({
    name,
    description,
    operations: operations.filter(({ operation }) => operation.tags.includes(name)),
  }));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header><h1>${info.title}</h1><p>${info.description}</p><p><a href="/openapi.json">openapi.json</a></p></header>
<nav aria-label="Operations">${join(sections.map(renderLinks))}</nav>
<main>${join(sections.map(renderSection))}</main>
</body>
</html>
`.text;
}

interface Section {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly { method: string; path: string; operation: DocumentedOperation }[];
}

function renderLinks({ name, operations }: Section): Safe {
  const links = operations.map(
    ({ method, path, operation }) =>
      html`<li><a href="#${operation.operationId}"><b class="${method}">${method}</b> ${path}</a></li>`,
  );
  return html`<h2>${name}</h2><ul>${join(links)}</ul>`;
}

function renderSection({ name, description, operations }: Section): Safe {
  return html`<section><h2>${name}</h2><p>${description}</p>${join(operations.map(renderOperation))}</section>`;
}

function renderOperation({ method, path, operation }: Section['operations'][number]): Safe {
  const { operationId, summary, description, security, parameters = [], requestBody, responses } = operation;
  return html`<details id="${operationId}" name="operation">
<summary><b class="${method}">${method}</b> <code>${path}</code> <span>${summary}</span></summary>
<p>${description}${security ? ' Requires a bearer token: a JWT of the user.' : ''}</p>
${join(parameters.map(({ name, in: place, schema }) => html`<h3>Parameter <code>${name}</code> (${place})</h3>${schemaTable(schema)}`))}
${requestBody ? html`<h3>Body</h3>${renderContent(requestBody.content)}` : ''}
<h3>Responses</h3>
${join(
  Object.entries(responses).map(
    ([status, response]) =>
      html`<details class="response"><summary><b class="status-${status.charAt(0)}">${status}</b> ${response.description}</summary>
<p>Headers: ${Object.keys(response.headers).join(', ')}</p>${renderContent(response.content)}</details>`,
  ),
)}
</details>`;
}

function renderContent(content: Record<string, { schema: JsonSchema }>): Safe {
  return join(
    Object.entries(content).map(([type, { schema }]) => html`<p><code>${type}</code></p>${schemaTable(schema)}`),
  );
}
