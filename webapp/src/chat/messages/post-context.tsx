import { MessageSquare } from 'lucide-react';
import type { Post } from '../../../../contract/index.ts';
import { useChat, userName } from '../state/index.ts';
import { useText } from '../texts.ts';
import classes from './message.module.css';

interface PostContextProps {
  readonly post: Post;
  /** Opens the thread. */
  readonly onOpen: () => void;
}

/** What a reply answers, and the way to the whole thread. */
export function ReplyContext({ post, onOpen }: PostContextProps) {
  const text = useText();
  const root = useChat((state) => state.posts[post.root_id]);
  const name = useChat((state) => userName(root && state.users[root.user_id]));
  if (post.root_id === '') return null;
  const words = root
    ? text('post.answers', { name, message: root.message.slice(0, 120) })
    : text('post.answers_unknown');
  return (
    <button type="button" className={classes.context} onClick={onOpen}>
      {words}
    </button>
  );
}

/** How many have answered, and the way to them. */
export function ThreadFooter({ post, onOpen }: PostContextProps) {
  const text = useText();
  if (post.reply_count === 0 || post.root_id !== '') return null;
  return (
    <button type="button" className={classes.thread} onClick={onOpen}>
      <MessageSquare size={15} aria-hidden="true" />
      {text('post.replies', { count: post.reply_count })}
    </button>
  );
}
