import { type KeyboardEvent, memo, type ReactNode } from 'react';
import type { Post } from '../../../../contract/index.ts';
import { isSystemAdmin, useCurrentUser, useDatabaseMode } from '../../client/index.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { type OutboxItem, sentAgainProp, userOutbox } from '../outbox/index.ts';
import { useText } from '../texts.ts';
import { saveEdit, toggleReaction } from './change-post.ts';
import { useListActions } from './list-actions.ts';
import classes from './message.module.css';
import { MessageFrame } from './message-frame.tsx';
import { PendingState, pendingWords, useIsMarked } from './pending-state.tsx';
import { PostActions } from './post-actions.tsx';
import { ReplyContext, ThreadFooter } from './post-context.tsx';
import { Reactions } from './reactions.tsx';
import { isSystemPost, type Row } from './rows.ts';
import { SystemPost } from './system-post.tsx';
import { TextEditor } from './text-editor.tsx';

export type MessageRowData = Extract<Row, { kind: 'post' | 'pending' }>;

export interface MessageRowProps {
  readonly row: MessageRowData;
  readonly tabbable?: boolean;
  /** In the thread's own panel there is no way into the thread. */
  readonly inThread?: boolean;
}

interface Message {
  readonly userId: string;
  readonly at: number;
  readonly text: string;
  /** One of the two: what the server has, or what waits. */
  readonly post: Post | undefined;
  readonly item: OutboxItem | undefined;
}

function messageOf(row: MessageRowData): Message {
  if (row.kind === 'post') {
    const { post } = row;
    return { userId: post.user_id, at: post.create_at, text: post.message, post, item: undefined };
  }
  const { entry } = row.item;
  return { userId: entry.userId, at: entry.createdAt, text: entry.message, post: undefined, item: row.item };
}

/** r, e, + and Delete on a message that has focus. */
function usePostKeys(row: MessageRowData, mine: boolean, mayDelete: boolean) {
  const { reply, edit, askDelete } = useListActions();
  const frozen = useDatabaseMode((mode) => mode.mode !== 'normal');
  return (event: KeyboardEvent<HTMLElement>) => {
    if (row.kind !== 'post' || event.target !== event.currentTarget) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'r') reply(row.post);
    else if (event.key === 'e' && mine && !frozen) edit(row.key);
    else if (event.key === '+') void toggleReaction(row.post, '+1');
    else if (event.key === 'Delete' && mayDelete && !frozen) askDelete(row.post);
    else return;
    event.preventDefault();
  };
}

interface BodyProps {
  readonly row: MessageRowData;
  readonly message: Message;
  readonly marked: boolean;
  readonly inThread: boolean;
}

function Footer({ row, message, marked, inThread }: BodyProps) {
  const { edit, reply } = useListActions();
  const { post, item } = message;
  if (item) return marked ? <PendingState item={item} onEdit={() => edit(row.key)} /> : null;
  if (!post) return null;
  return (
    <>
      <Reactions post={post} />
      {inThread ? null : <ThreadFooter post={post} onOpen={() => reply(post)} />}
    </>
  );
}

/** The text, or its editor. Waiting and sent text stand at the same place, so that nothing is made anew in between. */
function Body(props: BodyProps) {
  const { row, message, marked } = props;
  const { editing, edit } = useListActions();
  const { post, item, text } = message;
  if (editing === row.key) {
    const save = (changed: string) => {
      if (post) return saveEdit(post.id, changed);
      if (item) userOutbox(item.entry.userId).edit(item.entry.id, changed);
    };
    return <TextEditor initial={text} onSave={save} onClose={() => edit(undefined)} />;
  }
  return (
    <>
      <div className={classes.text} data-dimmed={(marked && item?.phase !== 'refused') || undefined}>
        <Markdown message={text} />
      </div>
      <Footer {...props} />
    </>
  );
}

/** What sets a post apart from one that was written once and left as it was. */
function PostMarks({ post }: { post: Post }) {
  const text = useText();
  return (
    <>
      {post.edit_at > 0 ? <span className={classes.mark}>{text('post.edited')}</span> : null}
      {post.props?.[sentAgainProp] === true ? <span className={classes.mark}>{text('post.sent_again')}</span> : null}
    </>
  );
}

function UserMessage({ row, tabbable = false, inThread = false }: MessageRowProps) {
  const text = useText();
  const user = useCurrentUser();
  const { reply, edit, askDelete } = useListActions();
  const message = messageOf(row);
  const { post, item } = message;
  const marked = useIsMarked(item);
  const mine = message.userId === user.id;
  const mayDelete = mine || isSystemAdmin(user);
  const onKeyDown = usePostKeys(row, mine, mayDelete);
  const actions = (hold: (held: boolean) => void): ReactNode =>
    post ? (
      <PostActions
        post={post}
        mine={mine}
        mayDelete={mayDelete}
        hold={hold}
        onReply={inThread ? undefined : () => reply(post)}
        onEdit={() => edit(row.key)}
        onDelete={() => askDelete(post)}
      />
    ) : null;
  return (
    <MessageFrame
      userId={message.userId}
      at={message.at}
      grouped={row.grouped}
      words={item && marked ? `${message.text}, ${pendingWords(item, text)}` : message.text}
      dataState={item?.phase ?? 'sent'}
      tabbable={tabbable}
      onKeyDown={onKeyDown}
      marks={post ? <PostMarks post={post} /> : null}
      context={post && !inThread && !row.grouped ? <ReplyContext post={post} onOpen={() => reply(post)} /> : null}
      actions={actions}
    >
      <Body row={row} message={message} marked={marked} inThread={inThread} />
    </MessageFrame>
  );
}

/**
 * A message of a list, waiting or sent: one component for both, so that the row stays what it is when the server
 * confirms it. What the server itself wrote (joined, left) is one grey line.
 */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row } = props;
  return row.kind === 'post' && isSystemPost(row.post) ? <SystemPost post={row.post} /> : <UserMessage {...props} />;
});
