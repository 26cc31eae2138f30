import { createContext, useContext } from 'react';
import type { Post } from '../../../../contract/index.ts';

/** What a row may ask of the list that it stands in. */
export interface ListActions {
  /** The row that is being edited, by its key: the same before and after the message is confirmed. */
  readonly editing: string | undefined;
  readonly edit: (rowKey: string | undefined) => void;
  /** Opens the thread of a post. */
  readonly reply: (post: Post) => void;
  readonly askDelete: (post: Post) => void;
}

export const ListActionsContext = createContext<ListActions | undefined>(undefined);

export function useListActions(): ListActions {
  const actions = useContext(ListActionsContext);
  if (!actions) throw new Error('A message row stands outside of a message list.');
  return actions;
}
