import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { api, errorText, signedOut } from '../../client/index.ts';
import { type Outbox, useOutboxView } from '../outbox/index.ts';
import { useText } from '../texts.ts';
import { closeDialog, openDialog } from './dialog-store.ts';

/** Ends the session. When the server cannot be told, the user stays signed in and learns why. */
async function signOut(): Promise<void> {
  try {
    await api.users.logout();
    closeDialog();
    signedOut('signed-out');
  } catch (error) {
    notifications.show({ color: 'red', title: 'You are still signed in', message: errorText(error) });
  }
}

/** Signs out, or asks first what becomes of messages that were not sent. */
export function askToSignOut(outbox: Outbox): void {
  if (outbox.items().length === 0) void signOut();
  else openDialog('sign-out');
}

/** What becomes of messages that wait: send them first, throw them away, or keep them for the next sign-in. */
export function SignOut({ outbox }: { outbox: Outbox }) {
  const text = useText();
  const [sending, setSending] = useState(false);
  const waiting = useOutboxView((view) => view.items.length);
  // What the server has refused for good is not sent by trying again.
  const sendable = useOutboxView((view) => view.items.filter((item) => item.phase !== 'refused').length);
  useEffect(() => {
    if (!sending) return;
    outbox.retryNow();
    if (sendable === 0) void signOut();
  }, [sending, sendable, outbox]);
  const discard = () => {
    outbox.discardAll();
    void signOut();
  };
  return (
    <Stack>
      <Text>{text('sign_out.waiting', { count: waiting })}</Text>
      <div role="status">{sending ? <Text>{text('sign_out.sending')}</Text> : null}</div>
      <Group justify="flex-end">
        <Button variant="default" onClick={closeDialog} data-autofocus>
          {text('dialog.cancel')}
        </Button>
        <Button variant="default" onClick={() => void signOut()}>
          {text('sign_out.keep')}
        </Button>
        <Button color="red" onClick={discard}>
          {text('sign_out.discard')}
        </Button>
        <Button loading={sending} disabled={sendable === 0} onClick={() => setSending(true)}>
          {text('sign_out.send')}
        </Button>
      </Group>
    </Stack>
  );
}
