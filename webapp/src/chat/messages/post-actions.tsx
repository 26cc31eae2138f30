import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { Copy, Ellipsis, MessageSquareReply, Pencil, SmilePlus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Post } from '../../../../contract/index.ts';
import { useDatabaseMode } from '../../client/index.ts';
import { quickReactions } from '../emoji/emoji-names.ts';
import { EmojiPopover } from '../emoji/emoji-popover.tsx';
import { copyText } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import { toggleReaction } from './change-post.ts';
import classes from './message.module.css';

export interface PostActionsProps {
  readonly post: Post;
  readonly mine: boolean;
  /** Nobody may delete the posts of others but admins. */
  readonly mayDelete: boolean;
  readonly hold: (held: boolean) => void;
  /** Missing inside the thread itself. */
  readonly onReply: (() => void) | undefined;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

interface ActionProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

function Action({ label, onClick, disabled = false, children }: ActionProps) {
  const text = useText();
  return (
    <Tooltip label={disabled ? text('post.later') : label}>
      <ActionIcon
        size={32}
        aria-label={label}
        data-disabled={disabled}
        aria-disabled={disabled}
        onClick={disabled ? undefined : onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function MoreMenu({
  post,
  mayDelete,
  hold,
  onDelete,
  frozen,
}: Pick<PostActionsProps, 'post' | 'mayDelete' | 'hold' | 'onDelete'> & { frozen: boolean }) {
  const text = useText();
  return (
    <Menu withinPortal={false} position="bottom-end" onChange={hold} returnFocus>
      <Menu.Target>
        <ActionIcon size={32} aria-label={text('post.more')}>
          <Ellipsis size={17} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Copy size={16} />} onClick={() => void copyText(post.message)}>
          {text('post.copy')}
        </Menu.Item>
        {mayDelete ? (
          <Menu.Item
            leftSection={<Trash2 size={16} />}
            c="var(--mantine-color-error)"
            disabled={frozen}
            onClick={onDelete}
          >
            {text('post.delete')}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What can be done with a post. Edit and delete wait while the server cannot save changes. */
export function PostActions(props: PostActionsProps) {
  const { post, mine, onReply, hold } = props;
  const text = useText();
  const frozen = useDatabaseMode((mode) => mode.mode !== 'normal');
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={text('post.actions')}>
      {quickReactions.slice(0, 3).map(([emoji, name]) => (
        <Action key={name} label={text('post.react_with', { name })} onClick={() => void toggleReaction(post, name)}>
          <span aria-hidden="true">{emoji}</span>
        </Action>
      ))}
      <EmojiPopover
        label={text('post.react')}
        icon={<SmilePlus size={17} aria-hidden="true" />}
        onToggle={hold}
        onPick={(_emoji, name) => void toggleReaction(post, name)}
      />
      {onReply ? (
        <Action label={text('post.reply')} onClick={onReply}>
          <MessageSquareReply size={17} aria-hidden="true" />
        </Action>
      ) : null}
      {mine ? (
        <Action label={text('post.edit')} onClick={props.onEdit} disabled={frozen}>
          <Pencil size={16} aria-hidden="true" />
        </Action>
      ) : null}
      <MoreMenu post={post} mayDelete={props.mayDelete} hold={hold} onDelete={props.onDelete} frozen={frozen} />
    </div>
  );
}
