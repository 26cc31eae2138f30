/** A message as a tree of plain values: what the screen shows, with no markup left to trust. */
export type MarkdownNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'break' | 'rule' }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'code-block'; readonly text: string; readonly language: string }
  | { readonly kind: 'mention' | 'channel' | 'emoji'; readonly name: string }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly MarkdownNode[] }
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly MarkdownNode[] }
  | {
      readonly kind: 'list';
      readonly ordered: boolean;
      readonly start: number;
      readonly children: readonly MarkdownNode[];
    }
  | { readonly kind: PlainContainer; readonly children: readonly MarkdownNode[] };

export type PlainContainer =
  | 'paragraph'
  | 'strong'
  | 'emphasis'
  | 'deleted'
  | 'quote'
  | 'item'
  | 'table'
  | 'head'
  | 'body'
  | 'row'
  | 'head-cell'
  | 'cell';
