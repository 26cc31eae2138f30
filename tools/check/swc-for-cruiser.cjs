// Preloaded into dependency-cruiser, whose swc parser is older than our code: it reads every file as TypeScript without JSX, and its
// visitor stops at `using`. Both end in an error and so in red; this gives swc the missing option and shows the visitor a plain `const`.
const swc = require('@swc/core');

const { parseFileSync } = swc;

function plain(node) {
  if (typeof node !== 'object' || node === null) return node;
  for (const key of Object.keys(node)) node[key] = plain(node[key]);
  if (node.type !== 'UsingDeclaration') return node;
  return { type: 'VariableDeclaration', kind: 'const', declare: false, span: node.span, declarations: node.decls };
}

swc.parseFileSync = (path, options) => plain(parseFileSync(path, { ...options, tsx: path.endsWith('x') }));
