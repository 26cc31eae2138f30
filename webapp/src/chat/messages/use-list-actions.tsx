import { Button, Group, Text } from '@mantine/core';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { Post } from '../../../../contract/index.ts';
import { Dialog } from '../../ui/index.ts';
import { chatState } from '../state/index.ts';
import { useText } from '../texts.ts';
import { deletePost } from './change-post.ts';
import type { ListActions } from './list-actions.ts';
import { rowKeyOf } from './rows.ts';

interface ListActionsInput {
  readonly channelId: string;
  /** The thread, or empty for the channel itself. */
  readonly rootId: string;
  readonly onThread: (rootId: string) => void;
}

function DeleteDialog({ post, onClose }: { post: Post | undefined; onClose: () => void }) {
  const text = useText();
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    if (!post) return;
    setBusy(true);
    await deletePost(post.id);
    setBusy(false);
    onClose();
  };
  return (
    <Dialog opened={post !== undefined} onClose={onClose} title={text('delete.title')} role="alertdialog" size="sm">
      <Text>{text(post && post.reply_count > 0 ? 'delete.thread' : 'delete.text')}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" data-autofocus onClick={onClose}>
          {text('dialog.cancel')}
        </Button>
        <Button color="red" loading={busy} onClick={() => void remove()}>
          {text('delete.submit')}
        </Button>
      </Group>
    </Dialog>
  );
}

/** The row of the newest post of the user in a channel or thread. */
function lastOwnRow({ channelId, rootId }: ListActionsInput): string | undefined {
  const { windows, threads, posts, myId } = chatState();
  const order = rootId === '' ? windows[channelId]?.order : threads[rootId];
  const last = order?.findLast((id) => posts[id]?.user_id === myId && posts[id]?.type === '');
  const post = last === undefined ? undefined : posts[last];
  return post && rowKeyOf(post);
}

/** State of a message list that its rows share: what is being edited, and the question before a deletion. */
export function useListActionsValue(input: ListActionsInput): {
  value: ListActions;
  editLast: () => void;
  dialog: ReactNode;
} {
  const { onThread } = input;
  const [editing, edit] = useState<string>();
  const [deleting, askDelete] = useState<Post>();
  const reply = useCallback((post: Post) => onThread(post.root_id || post.id), [onThread]);
  const value = useMemo(() => ({ editing, edit, reply, askDelete }), [editing, reply]);
  return {
    value,
    editLast: () => edit(lastOwnRow(input)),
    dialog: <DeleteDialog post={deleting} onClose={() => askDelete(undefined)} />,
  };
}
