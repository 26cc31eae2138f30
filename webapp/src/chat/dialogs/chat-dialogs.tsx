import type { ReactNode } from 'react';
import { Dialog } from '../../ui/index.ts';
import type { Outbox } from '../outbox/index.ts';
import { useText } from '../texts.ts';
import { BrowseChannels } from './browse-channels.tsx';
import { CreateChannel } from './create-channel.tsx';
import { closeDialog, type DialogName, useDialog } from './dialog-store.ts';
import { EditChannel } from './edit-channel.tsx';
import { AddPeople, DirectMessage } from './people-dialogs.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { SignOut } from './sign-out.tsx';
import { Switcher } from './switcher.tsx';

function contentOf(name: DialogName, channelId: string, outbox: Outbox): ReactNode {
  switch (name) {
    case 'switcher':
      return <Switcher />;
    case 'browse-channels':
      return <BrowseChannels />;
    case 'create-channel':
      return <CreateChannel />;
    case 'direct-message':
      return <DirectMessage />;
    case 'add-people':
      return <AddPeople channelId={channelId} />;
    case 'edit-channel':
      return <EditChannel channelId={channelId} />;
    case 'shortcuts':
      return <Shortcuts />;
    case 'sign-out':
      return <SignOut outbox={outbox} />;
  }
}

/** The chat's dialogs, of which at most one is open. */
export function ChatDialogs({ outbox }: { outbox: Outbox }) {
  const text = useText();
  const { name, channelId } = useDialog();
  return (
    <Dialog
      opened={name !== undefined}
      onClose={closeDialog}
      title={name ? text(`dialog.title.${name}`) : ''}
      role={name === 'sign-out' ? 'alertdialog' : 'dialog'}
      size={name === 'sign-out' ? 'lg' : 'md'}
    >
      {name ? contentOf(name, channelId ?? '', outbox) : null}
    </Dialog>
  );
}
