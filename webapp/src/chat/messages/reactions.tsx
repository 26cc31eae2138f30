import { Tooltip } from '@mantine/core';
import type { Post, Reaction } from '../../../../contract/index.ts';
import { useEmoji } from '../emoji/emoji-names.ts';
import { useChat, userName } from '../state/index.ts';
import { useText } from '../texts.ts';
import { toggleReaction } from './change-post.ts';
import classes from './message.module.css';

/** Reactions by name, in the order in which the names first came. */
export function groupReactions(reactions: readonly Reaction[]): [name: string, userIds: string[]][] {
  const groups = new Map<string, string[]>();
  for (const { emoji_name, user_id } of reactions) groups.set(emoji_name, [...(groups.get(emoji_name) ?? []), user_id]);
  return [...groups];
}

function ReactionButton({ post, name, userIds }: { post: Post; name: string; userIds: readonly string[] }) {
  const text = useText();
  const mine = useChat((state) => userIds.includes(state.myId));
  const names = useChat((state) => userIds.map((id) => userName(state.users[id])).join(', '));
  const emoji = useEmoji(name) ?? `:${name}:`;
  const label = `${emoji} ${userIds.length}`;
  return (
    <Tooltip label={text('reaction.who', { names, name })}>
      <button
        type="button"
        className={classes.reaction}
        aria-pressed={mine}
        aria-label={mine ? text('reaction.mine', { label }) : label}
        onClick={() => void toggleReaction(post, name)}
      >
        <span aria-hidden="true">{emoji}</span>
        <span aria-hidden="true">{userIds.length}</span>
      </button>
    </Tooltip>
  );
}

/** The row of reactions below a post. */
export function Reactions({ post }: { post: Post }) {
  const groups = groupReactions(post.metadata.reactions ?? []);
  if (groups.length === 0) return null;
  return (
    <div className={classes.reactions}>
      {groups.map(([name, userIds]) => (
        <ReactionButton key={name} post={post} name={name} userIds={userIds} />
      ))}
    </div>
  );
}
