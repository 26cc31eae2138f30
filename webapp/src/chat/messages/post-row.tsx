import { MessageSquare } from 'lucide-react';
import { type KeyboardEvent, memo } from 'react';
import type { Post } from '../../../../contract/index.ts';
import { isSystemAdmin, useCurrentUser, useDatabaseMode } from '../../client/index.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { useChat, userName } from '../state/index.ts';
import { useText } from '../texts.ts';
import { saveEdit, toggleReaction } from './change-post.ts';
import { useListActions } from './list-actions.ts';
import classes from './message.module.css';
import { MessageFrame } from './message-frame.tsx';
import { PostActions } from './post-actions.tsx';
import { Reactions } from './reactions.tsx';
import { SystemPost } from './system-post.tsx';
import { TextEditor } from './text-editor.tsx';

export interface PostRowProps {
  readonly post: Post;
  readonly grouped: boolean;
  readonly tabbable?: boolean;
  /** In the thread's own panel there is no way into the thread. */
  readonly inThread?: boolean;
}

/** What a reply answers, and the way to the whole thread. */
function ReplyContext({ post, onOpen }: { post: Post; onOpen: () => void }) {
  const text = useText();
  const root = useChat((state) => state.posts[post.root_id]);
  const name = useChat((state) => userName(root && state.users[root.user_id]));
  const words = root
    ? text('post.answers', { name, message: root.message.slice(0, 120) })
    : text('post.answers_unknown');
  return (
    <button type="button" className={classes.context} onClick={onOpen}>
      {words}
    </button>
  );
}

function ThreadFooter({ post, onOpen }: { post: Post; onOpen: () => void }) {
  const text = useText();
  if (post.reply_count === 0 || post.root_id !== '') return null;
  return (
    <button type="button" className={classes.thread} onClick={onOpen}>
      <MessageSquare size={15} aria-hidden="true" />
      {text('post.replies', { count: post.reply_count })}
    </button>
  );
}

/** r, e, + and Delete on a message that has focus. */
function usePostKeys(post: Post, mine: boolean, mayDelete: boolean) {
  const { reply, edit, askDelete } = useListActions();
  const frozen = useDatabaseMode((mode) => mode.mode !== 'normal');
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'r') reply(post);
    else if (event.key === 'e' && mine && !frozen) edit(post.id);
    else if (event.key === '+') void toggleReaction(post, '+1');
    else if (event.key === 'Delete' && mayDelete && !frozen) askDelete(post);
    else return;
    event.preventDefault();
  };
}

function PostBody({ post, inThread }: { post: Post; inThread: boolean }) {
  const { editing, edit, reply } = useListActions();
  if (editing === post.id) {
    return (
      <TextEditor
        initial={post.message}
        onSave={(message) => saveEdit(post.id, message)}
        onClose={() => edit(undefined)}
      />
    );
  }
  return (
    <>
      <Markdown message={post.message} />
      <Reactions post={post} />
      {inThread ? null : <ThreadFooter post={post} onOpen={() => reply(post)} />}
    </>
  );
}

function UserPost({ post, grouped, tabbable = false, inThread = false }: PostRowProps) {
  const text = useText();
  const user = useCurrentUser();
  const { reply, edit, askDelete } = useListActions();
  const mine = post.user_id === user.id;
  const mayDelete = mine || isSystemAdmin(user);
  const onKeyDown = usePostKeys(post, mine, mayDelete);
  return (
    <MessageFrame
      userId={post.user_id}
      at={post.create_at}
      grouped={grouped}
      words={post.message}
      tabbable={tabbable}
      onKeyDown={onKeyDown}
      marks={post.edit_at > 0 ? <span className={classes.mark}>{text('post.edited')}</span> : null}
      context={
        !inThread && !grouped && post.root_id !== '' ? <ReplyContext post={post} onOpen={() => reply(post)} /> : null
      }
      actions={(hold) => (
        <PostActions
          post={post}
          mine={mine}
          mayDelete={mayDelete}
          hold={hold}
          onReply={inThread ? undefined : () => reply(post)}
          onEdit={() => edit(post.id)}
          onDelete={() => askDelete(post)}
        />
      )}
    >
      <PostBody post={post} inThread={inThread} />
    </MessageFrame>
  );
}

/** A post of the server. Those that the server itself wrote (joined, left) are one grey line. */
export const PostRow = memo(function PostRow(props: PostRowProps) {
  return props.post.type.startsWith('system_') ? <SystemPost post={props.post} /> : <UserPost {...props} />;
});
