import { parse } from '@swc/core';

/** Size of one function as its reader sees it. */
export interface FunctionSize {
  readonly name: string;
  /** Line of its first character, from 1. */
  readonly line: number;
  readonly lines: number;
  readonly parameters: number;
}

/** Stands for the name of a function that has none. */
export const UNNAMED = 'a function';

interface Span {
  readonly start: number;
  readonly end: number;
}

type Node = Readonly<Record<string, unknown>> & { readonly type?: string; readonly span?: Span };

/** How each kind of function node holds its parameters; swc nests those of class methods one level down. */
const FUNCTION_NODES: Readonly<Record<string, (node: Node) => unknown>> = {
  FunctionDeclaration: (node) => node['params'],
  FunctionExpression: (node) => node['params'],
  ArrowFunctionExpression: (node) => node['params'],
  MethodProperty: (node) => node['params'],
  Constructor: (node) => node['params'],
  ClassMethod: (node) => asNode(node['function'])?.['params'],
  PrivateMethod: (node) => asNode(node['function'])?.['params'],
  GetterProperty: () => [],
  SetterProperty: () => [],
};

/** Measures every function of a file that has a body. A `describe` block (`describeEngines` makes one for each engine) is a chapter and not a function: it is left out, what it holds is measured. */
export async function measureFunctions(text: string, jsx: boolean): Promise<FunctionSize[]> {
  const program = await parse(text, { syntax: 'typescript', tsx: jsx, target: 'es2023', decorators: false });
  const lineOf = createLineLookup(text);
  const sizes: FunctionSize[] = [];
  walk(program as unknown as Node, '', (node, name) => {
    const parameters = FUNCTION_NODES[node.type ?? '']?.(node);
    if (!Array.isArray(parameters) || node.span === undefined) return;
    const line = lineOf(node.span.start);
    const own = parameters.filter((parameter) => !isThis(parameter as Node));
    sizes.push({ name, line, lines: lineOf(node.span.end - 1) - line + 1, parameters: own.length });
  });
  return sizes;
}

function walk(node: Node, name: string, visit: (node: Node, name: string) => void): void {
  const ownName = nameOf(node) ?? name;
  visit(node, ownName === '' ? UNNAMED : ownName);
  const chapter = isDescribeCall(node);
  for (const [key, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      const childNode = asNode(child);
      if (childNode === undefined || key === 'span') continue;
      if (chapter && key === 'arguments') walkChapter(childNode, ownName, visit);
      else walk(childNode, ownName, visit);
    }
  }
}

function walkChapter(argument: Node, name: string, visit: (node: Node, name: string) => void): void {
  const block = asNode(argument['expression']);
  const body = asNode(block?.['body']);
  walk(body ?? argument, name, visit);
}

function isDescribeCall(node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  let callee = asNode(node['callee']);
  while (callee !== undefined && callee.type !== 'Identifier') {
    callee = asNode(callee['object']) ?? asNode(callee['callee']) ?? asNode(callee['tag']);
  }
  return callee?.['value'] === 'describe' || callee?.['value'] === 'describeEngines';
}

function nameOf(node: Node): string | undefined {
  const holder =
    asNode(node['identifier']) ??
    asNode(node['key']) ??
    (node.type === 'VariableDeclarator' ? asNode(node['id']) : undefined);
  if (node.type === 'Constructor') return 'constructor';
  const value = holder?.['value'] ?? asNode(holder?.['id'])?.['value'];
  return typeof value === 'string' ? value : undefined;
}

function isThis(parameter: Node): boolean {
  return asNode(parameter['pat'])?.['value'] === 'this' || parameter['value'] === 'this';
}

function asNode(value: unknown): Node | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : undefined;
}

/** swc counts UTF-8 bytes and begins with 1. */
function createLineLookup(text: string): (position: number) => number {
  const bytes = Buffer.from(text);
  const starts = [0];
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  return (position) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= position - 1) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
