import type { OpenApiDocument, Operation } from './document.ts';
import type { JsonSchema } from './schemas.ts';

/** The document as a page to read: no script, nothing from elsewhere; the browser's own search finds things. */
export function readerPage(document: OpenApiDocument): string {
  const paths = Object.entries(document.paths);
  const areas = [...new Set(paths.map(([path]) => areaOf(path)))];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(document.info.title)} API</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(document.info.title)} API</h1>
<p>${escaped(document.info.description)} Paths begin with <code>/api/v4</code>. For programs: <a href="/api/v4/openapi.json">openapi.json</a>.</p>
<nav aria-label="Areas">${areas.map((area) => `<a href="#${area}">${area}</a>`).join(' ')} <a href="#schemas">schemas</a></nav>
</header>
<main>
${areas.map((area) => sectionOf(area, paths)).join('\n')}
<section id="schemas"><h2>schemas</h2>
${Object.entries(document.components.schemas).map(schemaOf).join('\n')}
</section>
</main>
</body>
</html>
`;
}

type Paths = readonly (readonly [string, OpenApiDocument['paths'][string]])[];

const areaOf = (path: string): string => path.split('/')[1] ?? '';

function sectionOf(area: string, paths: Paths): string {
  const operations = paths
    .filter(([path]) => areaOf(path) === area)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, one]) => operationOf(method, path, one)));
  return `<section id="${area}"><h2>${area}</h2>\n${operations.join('\n')}\n</section>`;
}

function operationOf(method: string, path: string, operation: Operation): string {
  return `<details><summary><b class="${method}">${method.toUpperCase()}</b> <code>${escaped(path)}</code> <span>${escaped(operation.summary)}</span></summary>
${operation.description === undefined ? '' : `<p>${escaped(operation.description)}</p>`}
${parametersOf(operation)}${requestOf(operation)}${answersOf(operation)}
</details>`;
}

function parametersOf({ parameters = [] }: Operation): string {
  const named = parameters.filter(({ description }) => description !== undefined);
  if (named.length === 0) return '';
  const rows = named.map(
    ({ name, description = '' }) => `<dt><code>${escaped(name)}</code></dt><dd>${escaped(description)}</dd>`,
  );
  return `<dl>${rows.join('')}</dl>`;
}

function requestOf({ requestBody }: Operation): string {
  const bodies = Object.entries(requestBody?.content ?? {});
  return bodies.map(([type, { schema }]) => `<h3>Takes <code>${type}</code></h3>${shown(schema)}`).join('');
}

function answersOf({ responses }: Operation): string {
  return Object.entries(responses)
    .filter(([status]) => status !== 'default')
    .map(([status, { content = {} }]) =>
      Object.entries(content)
        .map(([type, { schema }]) => `<h3>Answers ${status} <code>${type}</code></h3>${shown(schema)}`)
        .join(''),
    )
    .join('');
}

function schemaOf([name, schema]: [string, JsonSchema]): string {
  // The anchor is inside: a browser that goes to it opens what is around it.
  return `<details><summary><code>${escaped(name)}</code></summary><div id="schema-${escaped(name)}">${shown(schema)}</div></details>`;
}

/** As JSON, in which names of schemas lead to them. */
function shown(schema: JsonSchema): string {
  const text = escaped(JSON.stringify(schema, null, 2));
  return `<pre>${text.replace(/#\/components\/schemas\/(\w+)/g, '<a href="#schema-$1">$1</a>')}</pre>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
nav a { margin-right: .75rem; display: inline-block; }
h2 { border-bottom: 1px solid GrayText; margin-top: 2.5rem; }
h3 { font-size: .95rem; margin: .75rem 0 0; }
details { border-bottom: 1px solid color-mix(in srgb, GrayText 30%, transparent); padding: .35rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
summary b { display: inline-block; min-width: 4.5rem; }
summary span { margin-left: .5rem; color: color-mix(in srgb, CanvasText 75%, Canvas); }
pre { overflow-x: auto; padding: .75rem; background: color-mix(in srgb, CanvasText 6%, Canvas); border-radius: 6px; }
dt { margin-top: .35rem; } dd { margin-left: 1.5rem; }
`;
