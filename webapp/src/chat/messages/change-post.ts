import { notifications } from '@mantine/notifications';
import type { Post, Reaction } from '../../../../contract/index.ts';
import { api, errorText } from '../../client/index.ts';
import { chatState, editPost, removePost, setReaction, takeNews } from '../state/index.ts';

function complain(title: string, error: unknown): void {
  notifications.show({ color: 'red', title, message: errorText(error) });
}

/** Sets or takes back the user's own reaction: on the screen at once, and back again if the server refuses. */
export async function toggleReaction(post: Post, name: string): Promise<void> {
  const { myId, posts } = chatState();
  const current = posts[post.id]?.metadata.reactions ?? [];
  const present = current.some((each) => each.user_id === myId && each.emoji_name === name);
  const now = Date.now();
  const reaction: Reaction = {
    user_id: myId,
    post_id: post.id,
    emoji_name: name,
    create_at: now,
    update_at: now,
    delete_at: 0,
    channel_id: post.channel_id,
  };
  takeNews(setReaction(reaction, !present));
  try {
    if (present) await api.posts.removeReaction(myId, post.id, name);
    else await api.posts.addReaction({ user_id: myId, post_id: post.id, emoji_name: name });
  } catch (error) {
    takeNews(setReaction(reaction, present));
    complain('The reaction was not saved', error);
  }
}

/** Saves another text of a post. Throws `AppError`; the post stays as it was then. */
export async function saveEdit(postId: string, message: string): Promise<void> {
  takeNews(editPost(await api.posts.patch(postId, { message })));
}

/** Deletes a post. False when the server refused. */
export async function deletePost(postId: string): Promise<boolean> {
  try {
    await api.posts.remove(postId);
    takeNews(removePost(postId));
    return true;
  } catch (error) {
    complain('The message was not deleted', error);
    return false;
  }
}
