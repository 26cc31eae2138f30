import { describe, expect, it } from 'vitest';
import type { MarkdownNode } from './nodes.ts';
import { parseMarkdown, splitText } from './parse.ts';

/** The tree in a short form: `paragraph(text "a")`. */
function show(nodes: readonly MarkdownNode[]): string {
  return nodes
    .map((node) => {
      const detail = 'text' in node ? `"${node.text}"` : 'name' in node ? node.name : 'href' in node ? node.href : '';
      return 'children' in node
        ? `${node.kind}${detail ? ` ${detail}` : ''}(${show(node.children)})`
        : `${node.kind} ${detail}`.trim();
    })
    .join(' ');
}
const read = (message: string) => show(parseMarkdown(message));

describe('parseMarkdown', () => {
  it('reads emphasis, breaks and code', () => {
    expect(read('a **b** *c* ~~d~~ `e`\nf')).toBe(
      'paragraph(text "a " strong(text "b") text " " emphasis(text "c") text " " deleted(text "d") text " " code "e" break text "f")',
    );
  });

  it('reads code blocks with their language, and nothing inside them', () => {
    expect(parseMarkdown('```ts\nconst a = "@ann";\n```')).toEqual([
      { kind: 'code-block', text: 'const a = "@ann";', language: 'ts' },
    ]);
  });

  it('reads lists without boxes around tight items', () => {
    expect(read('1. a\n2. b')).toBe('list(item(text "a") item(text "b"))');
    expect(parseMarkdown('7. a')[0]).toMatchObject({ ordered: true, start: 7 });
  });

  it('reads tables, quotes and headings', () => {
    expect(read('| a |\n|---|\n| b |')).toBe('table(head(row(head-cell(text "a"))) body(row(cell(text "b"))))');
    expect(read('> q')).toBe('quote(paragraph(text "q"))');
    expect(read('## h')).toBe('heading(text "h")');
  });

  it('leaves HTML as text', () => {
    expect(read('<img src=x onerror=alert(1)>')).toBe('paragraph(text "<img src=x onerror=alert(1)>")');
  });

  it('links pages and letters, and no other scheme', () => {
    expect(read('[a](https://a.example/b)')).toBe('paragraph(link https://a.example/b(text "a"))');
    expect(read('see https://a.example/@ann')).toContain('link https://a.example/@ann(text "https://a.example/@ann")');
    for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd']) {
      expect(read(`[a](${bad})`)).not.toContain('link');
    }
  });

  it('turns pictures into links, so that no other host is asked', () => {
    expect(read('![cat](https://a.example/cat.png)')).toBe('paragraph(link https://a.example/cat.png(text "cat"))');
  });
});

describe('splitText', () => {
  it('finds mentions, channels and emoji', () => {
    expect(show(splitText('hi @Ann, see ~town-square :smile:!'))).toBe(
      'text "hi " mention ann text ", see " channel town-square text " " emoji smile text "!"',
    );
  });
  it('leaves the full stop to the sentence and addresses alone', () => {
    expect(show(splitText('ask @bob.'))).toBe('text "ask " mention bob text "."');
    expect(show(splitText('mail ann@example.com at 10:30:15'))).toBe(
      'text "mail ann@example.com at 10" emoji 30 text "15"',
    );
  });
});
