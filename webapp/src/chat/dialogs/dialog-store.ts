import { create } from 'zustand';

export type DialogName =
  | 'switcher'
  | 'browse-channels'
  | 'create-channel'
  | 'direct-message'
  | 'add-people'
  | 'edit-channel'
  | 'shortcuts'
  | 'sign-out';

interface Opened {
  readonly name: DialogName | undefined;
  /** The channel that the dialog is about, for those that are about one. */
  readonly channelId: string | undefined;
}

/** Which dialog of the chat is open: one at a time. */
export const useDialog = create<Opened>()(() => ({ name: undefined, channelId: undefined }));

export function openDialog(name: DialogName, channelId?: string): void {
  useDialog.setState({ name, channelId });
}

export function closeDialog(): void {
  useDialog.setState({ name: undefined, channelId: undefined });
}
