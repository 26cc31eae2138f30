import { Fragment, type ReactNode } from 'react';
import { AnchorLink } from '../../ui/index.ts';
import { EmojiText } from '../emoji/emoji-text.tsx';
import { useChat } from '../state/index.ts';
import { CodeBlock } from './code-block.tsx';
import classes from './markdown.module.css';
import type { MarkdownNode, PlainContainer } from './nodes.ts';

const everybody = ['all', 'channel', 'here'];

function Mention({ name }: { name: string }) {
  const known = useChat((state) => Object.values(state.users).find((user) => user.username === name));
  const isMe = useChat((state) => known?.id === state.myId);
  if (!known && !everybody.includes(name)) return `@${name}`;
  return (
    <span className={classes.mention} data-me={isMe || everybody.includes(name) || undefined}>
      @{name}
    </span>
  );
}

function ChannelReference({ name }: { name: string }) {
  const team = useChat((state) => state.team?.name);
  const channel = useChat((state) => Object.values(state.channels).find((each) => each.name === name));
  if (!channel || team === undefined || channel.type === 'D') return `~${name}`;
  return (
    <AnchorLink to="/$team/channels/$name" params={{ team, name }}>
      ~{channel.display_name}
    </AnchorLink>
  );
}

const tags: Readonly<Record<PlainContainer, keyof React.JSX.IntrinsicElements>> = {
  paragraph: 'p',
  strong: 'strong',
  emphasis: 'em',
  deleted: 'del',
  quote: 'blockquote',
  item: 'li',
  table: 'table',
  head: 'thead',
  body: 'tbody',
  row: 'tr',
  'head-cell': 'th',
  cell: 'td',
};

function Container({ kind, nodes }: { kind: PlainContainer; nodes: readonly MarkdownNode[] }) {
  const Tag = tags[kind];
  return (
    <Tag>
      <Nodes nodes={nodes} />
    </Tag>
  );
}

function List({ node }: { node: Extract<MarkdownNode, { kind: 'list' }> }) {
  return node.ordered ? (
    <ol start={node.start}>
      <Nodes nodes={node.children} />
    </ol>
  ) : (
    <ul>
      <Nodes nodes={node.children} />
    </ul>
  );
}

type ContainerNode = Extract<MarkdownNode, { kind: PlainContainer }>;

const isContainer = (node: MarkdownNode): node is ContainerNode => node.kind in tags;

function renderNode(node: MarkdownNode): ReactNode {
  if (isContainer(node)) return <Container kind={node.kind} nodes={node.children} />;
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'break':
      return <br />;
    case 'rule':
      return <hr />;
    case 'code':
      return <code>{node.text}</code>;
    case 'code-block':
      return <CodeBlock code={node.text} language={node.language} />;
    case 'mention':
      return <Mention name={node.name} />;
    case 'channel':
      return <ChannelReference name={node.name} />;
    case 'emoji':
      return <EmojiText name={node.name} />;
    case 'link':
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          <Nodes nodes={node.children} />
        </a>
      );
    case 'heading':
      // No heading element: a message must not take part in the outline of the page.
      return (
        <p className={classes.heading} data-level={node.level}>
          <Nodes nodes={node.children} />
        </p>
      );
    case 'list':
      return <List node={node} />;
  }
}

/** A parsed message as elements; nothing of it goes through innerHTML. */
export function Nodes({ nodes }: { nodes: readonly MarkdownNode[] }) {
  return nodes.map((node, place) => <Fragment key={place}>{renderNode(node)}</Fragment>);
}
