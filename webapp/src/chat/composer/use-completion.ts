import { type KeyboardEvent, type RefObject, useEffect, useId, useMemo, useState } from 'react';
import { needEmojiNames, useEmojiNames } from '../emoji/emoji-names.ts';
import { useChat } from '../state/index.ts';
import { complete, queryAt, type Suggestion, suggest } from './completion.ts';

interface CompletionInput {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly box: RefObject<HTMLTextAreaElement | null>;
}

function useSuggestions(text: string, caret: number) {
  const users = useChat((state) => state.users);
  const channels = useChat((state) => state.channels);
  const emoji = useEmojiNames((names) => names.byName);
  return useMemo(() => {
    const query = queryAt(text, caret);
    return { query, list: query ? suggest(query, { users, channels, emoji }) : [] };
  }, [text, caret, users, channels, emoji]);
}

/** Completes @names, ~channels and :emoji: while they are written: arrows choose, Enter or Tab takes, Esc leaves. */
export function useCompletion({ text, setText, box }: CompletionInput) {
  const id = useId();
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState<number>();
  const { query, list } = useSuggestions(text, caret);
  useEffect(() => {
    setActive(0);
    if (query?.mark === ':') needEmojiNames();
  }, [query?.mark, query?.term]);
  const opened = list.length > 0 && query !== undefined && dismissed !== query.start;

  const take = (suggestion: Suggestion | undefined) => {
    if (!query || !suggestion) return;
    const next = complete(text, caret, query, suggestion);
    setText(next.text);
    setCaret(next.caret);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(next.caret, next.caret);
    });
  };

  /** True when the key was for the list. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!opened) return false;
    if (event.key === 'ArrowDown') setActive((active + 1) % list.length);
    else if (event.key === 'ArrowUp') setActive((active + list.length - 1) % list.length);
    else if (event.key === 'Enter' || event.key === 'Tab') take(list[active]);
    else if (event.key === 'Escape') setDismissed(query.start);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  const listId = `${id}-list`;
  return {
    opened,
    list,
    active,
    listId,
    optionId: (place: number) => `${id}-option-${place}`,
    take,
    onKeyDown,
    followCaret: () => setCaret(box.current?.selectionStart ?? 0),
  };
}
export type Completion = ReturnType<typeof useCompletion>;
