import type { LanguageFn } from 'highlight.js';
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';

const languages: Readonly<Record<string, LanguageFn>> = {
  bash,
  c,
  css,
  diff,
  go,
  java,
  javascript,
  json,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

/** A piece of coloured code: its class, or none, and what is in it. */
export interface CodePiece {
  readonly scope: string;
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };
const unescape = (text: string) => text.replace(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => entities[name] ?? '');

/** Reads the highlighter's spans into pieces; the innermost class counts. */
function readSpans(markup: string): CodePiece[] {
  const open: string[] = [];
  const pieces: CodePiece[] = [];
  for (const part of markup.split(/(<span class="[^"]*">|<\/span>)/)) {
    if (part.startsWith('<span class="')) open.push(part.slice(13, -2));
    else if (part === '</span>') open.pop();
    else if (part !== '') pieces.push({ scope: open.at(-1) ?? '', text: unescape(part) });
  }
  return pieces;
}

/** Colours code; one plain piece when the language is not known. */
export function highlight(code: string, language: string): CodePiece[] {
  if (!hljs.getLanguage(language)) return [{ scope: '', text: code }];
  return readSpans(hljs.highlight(code, { language, ignoreIllegals: true }).value);
}
