import type { Post } from '../../../../contract/index.ts';
import { formatClock } from '../../ui/index.ts';
import { useChat, userName } from '../state/index.ts';
import classes from './marks.module.css';

/** What the server noted down: one quiet line. */
export function SystemPost({ post }: { post: Post }) {
  const name = useChat((state) => userName(state.users[post.user_id]));
  return (
    <article className={classes.system} aria-label={`${name}, ${formatClock(post.create_at)}, ${post.message}`}>
      {post.message}
    </article>
  );
}
