import MarkdownIt from 'markdown-it';
import type { MarkdownNode, PlainContainer } from './nodes.ts';

const parser = new MarkdownIt({ html: false, linkify: true, breaks: true });
// "example.com" in a sentence is more often a word than a link.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

type Token = ReturnType<typeof parser.parse>[number];

const plainContainers: Readonly<Record<string, PlainContainer>> = {
  paragraph_open: 'paragraph',
  strong_open: 'strong',
  em_open: 'emphasis',
  s_open: 'deleted',
  blockquote_open: 'quote',
  list_item_open: 'item',
  table_open: 'table',
  thead_open: 'head',
  tbody_open: 'body',
  tr_open: 'row',
  th_open: 'head-cell',
  td_open: 'cell',
};

const special = /(^|[^\w@/])@([a-z][a-z0-9._-]*)|(^|[^\w~])~([a-z0-9][a-z0-9_-]+)|:([a-z0-9+_-]+):/gi;

/** Finds @names, ~channels and :emoji: in running text. */
export function splitText(text: string): MarkdownNode[] {
  const nodes: MarkdownNode[] = [];
  let end = 0;
  const push = (piece: string) => {
    if (piece !== '') nodes.push({ kind: 'text', text: piece });
  };
  for (const match of text.matchAll(special)) {
    const [whole, beforeName = '', name, beforeChannel = '', channel, emoji] = match;
    push(text.slice(end, match.index) + beforeName + beforeChannel);
    end = match.index + whole.length;
    if (name !== undefined) {
      // A full stop at the end belongs to the sentence.
      const trimmed = name.replace(/[._-]+$/, '');
      end -= name.length - trimmed.length;
      nodes.push({ kind: 'mention', name: trimmed.toLowerCase() });
    } else if (channel !== undefined) nodes.push({ kind: 'channel', name: channel.toLowerCase() });
    else if (emoji !== undefined) nodes.push({ kind: 'emoji', name: emoji });
  }
  push(text.slice(end));
  return nodes;
}

const safeSchemes = /^(https?|mailto|ftp):/i;

/** Only addresses that open a page or a letter. */
export function safeHref(href: string): string | undefined {
  return safeSchemes.test(href) ? href : undefined;
}

/** Reads a flat token list, opened and closed in pairs, into a tree. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Nodes up to the closing token of the caller, or to the end. */
  nodes(inLink = false): MarkdownNode[] {
    const nodes: MarkdownNode[] = [];
    for (let token = this.#tokens[this.#at]; token !== undefined; token = this.#tokens[this.#at]) {
      this.#at += 1;
      if (token.nesting === -1) return nodes;
      nodes.push(...(token.nesting === 1 ? this.#container(token, inLink) : this.#leaf(token, inLink)));
    }
    return nodes;
  }

  #container(token: Token, inLink: boolean): MarkdownNode[] {
    const children = this.nodes(inLink || token.type === 'link_open');
    if (token.type === 'link_open') {
      const href = safeHref(String(token.attrGet('href') ?? ''));
      return href === undefined ? children : [{ kind: 'link', href, children }];
    }
    if (token.type === 'heading_open') return [{ kind: 'heading', level: Number(token.tag.slice(1)), children }];
    if (token.type === 'bullet_list_open') return [{ kind: 'list', ordered: false, start: 1, children }];
    if (token.type === 'ordered_list_open') {
      return [{ kind: 'list', ordered: true, start: Number(token.attrGet('start') ?? 1), children }];
    }
    // The paragraph of a tight list's item has no box of its own.
    if (token.type === 'paragraph_open' && token.hidden) return children;
    const kind = plainContainers[token.type];
    return kind === undefined ? children : [{ kind, children }];
  }

  #leaf(token: Token, inLink: boolean): MarkdownNode[] {
    switch (token.type) {
      case 'inline':
        return new Reader(token.children ?? []).nodes();
      case 'text':
        return inLink ? [{ kind: 'text', text: token.content }] : splitText(token.content);
      case 'softbreak':
      case 'hardbreak':
        return [{ kind: 'break' }];
      case 'hr':
        return [{ kind: 'rule' }];
      case 'code_inline':
        return [{ kind: 'code', text: token.content }];
      case 'fence':
      case 'code_block':
        return [
          {
            kind: 'code-block',
            text: token.content.replace(/\n$/, ''),
            language: token.info.trim().split(/\s/)[0] ?? '',
          },
        ];
      case 'image':
        return this.#image(token);
      default:
        return token.content === '' ? [] : [{ kind: 'text', text: token.content }];
    }
  }

  /** A picture of another host would tell that host who reads what: it is a link instead. */
  #image(token: Token): MarkdownNode[] {
    const href = safeHref(String(token.attrGet('src') ?? ''));
    const text: MarkdownNode = { kind: 'text', text: token.content || href || '' };
    return href === undefined ? [text] : [{ kind: 'link', href, children: [text] }];
  }
}

/** Reads a message. HTML stays text; unknown marks stay text; links lead to pages and letters only. */
export function parseMarkdown(message: string): MarkdownNode[] {
  return new Reader(parser.parse(message, {})).nodes();
}
