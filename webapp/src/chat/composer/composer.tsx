import { ActionIcon, Textarea, Tooltip } from '@mantine/core';
import { SendHorizontal, Smile } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { EmojiPopover } from '../emoji/emoji-popover.tsx';
import type { Outbox } from '../outbox/index.ts';
import { useText } from '../texts.ts';
import { CompletionList } from './completion-list.tsx';
import classes from './composer.module.css';
import { useDraft } from './drafts.ts';
import { TypingLine } from './typing-line.tsx';
import { tellTyping } from './typing-notice.ts';
import { useCompletion } from './use-completion.ts';

export interface ComposerProps {
  readonly outbox: Outbox;
  readonly channelId: string;
  /** The thread's first post, or empty. */
  readonly rootId: string;
  /** Name of the text box. */
  readonly label: string;
  /** Up in an empty box. */
  readonly onEditLast: () => void;
  readonly onEscape?: () => void;
}

const messageMax = 16_383;
const warnBelow = 500;

function Remaining({ length }: { length: number }) {
  const text = useText();
  const left = messageMax - length;
  if (left > warnBelow) return null;
  return (
    <span className={classes.remaining} role="status" data-over={left < 0 || undefined}>
      {text('composer.left', { count: left })}
    </span>
  );
}

function useComposer({ outbox, channelId, rootId, onEditLast, onEscape }: ComposerProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useDraft(channelId, rootId);
  const completion = useCompletion({ text: draft, setText: setDraft, box });
  const length = [...draft].length;
  const canSend = draft.trim() !== '' && length <= messageMax;
  const send = () => {
    if (!canSend) return;
    outbox.add({ channelId, rootId, message: draft });
    setDraft('');
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || completion.onKeyDown(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && draft === '' && !event.altKey) {
      event.preventDefault();
      onEditLast();
    } else if (event.key === 'Escape') onEscape?.();
  };
  const insert = (piece: string) => {
    const at = box.current?.selectionStart ?? draft.length;
    setDraft(draft.slice(0, at) + piece + draft.slice(at));
    requestAnimationFrame(() => box.current?.focus());
  };
  const onChange = (next: string) => {
    setDraft(next);
    completion.followCaret();
    if (next !== '') tellTyping(channelId, rootId);
  };
  return { box, draft, completion, length, canSend, send, onKeyDown, insert, onChange };
}

/** Where messages are written. It is usable whatever happens to the connection. */
export function Composer(props: ComposerProps) {
  const text = useText();
  const { channelId, rootId, label } = props;
  const { box, draft, completion, length, canSend, send, onKeyDown, insert, onChange } = useComposer(props);
  useEffect(() => box.current?.focus({ preventScroll: true }), [box, channelId, rootId]);
  return (
    <div className={classes.composer}>
      <CompletionList completion={completion} />
      <div className={classes.box}>
        <Textarea
          ref={box}
          className={classes.text}
          variant="unstyled"
          aria-label={label}
          placeholder={label}
          aria-autocomplete="list"
          aria-controls={completion.opened ? completion.listId : undefined}
          aria-activedescendant={completion.opened ? completion.optionId(completion.active) : undefined}
          autosize
          minRows={1}
          maxRows={12}
          value={draft}
          onChange={(event) => onChange(event.currentTarget.value)}
          onSelect={completion.followCaret}
          onKeyDown={onKeyDown}
        />
        <Remaining length={length} />
        <EmojiPopover
          label={text('composer.emoji')}
          size={36}
          icon={<Smile size={19} aria-hidden="true" />}
          onPick={(emoji) => insert(emoji)}
        />
        <Tooltip label={text('composer.send')}>
          <ActionIcon
            variant={canSend ? 'filled' : 'subtle'}
            color={canSend ? 'tide' : 'gray'}
            aria-label={text('composer.send')}
            aria-disabled={!canSend}
            onClick={send}
          >
            <SendHorizontal size={18} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      </div>
      <TypingLine channelId={channelId} rootId={rootId} />
    </div>
  );
}
