import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { CircleAlert, Clock } from 'lucide-react';
import { memo, useEffect, useState } from 'react';
import { Markdown } from '../markdown/markdown.tsx';
import { type OutboxItem, userOutbox } from '../outbox/index.ts';
import { type ChatText, useText } from '../texts.ts';
import classes from './message.module.css';
import { MessageFrame } from './message-frame.tsx';
import { TextEditor } from './text-editor.tsx';

/** Most messages are confirmed sooner: a mark that came and went would only flicker. */
const markAfter = 400;

function useIsLate(createdAt: number): boolean {
  const [late, setLate] = useState(() => Date.now() - createdAt >= markAfter);
  useEffect(() => {
    if (late) return;
    const timer = setTimeout(() => setLate(true), markAfter - (Date.now() - createdAt));
    return () => clearTimeout(timer);
  }, [late, createdAt]);
  return late;
}

function stateWords({ phase, entry }: OutboxItem, text: ChatText): string {
  if (phase === 'refused') return text('pending.refused', { reason: entry.reason });
  return text(phase === 'sending' ? 'pending.sending' : 'pending.waiting');
}

function PendingState({ item, onEdit }: { item: OutboxItem; onEdit: () => void }) {
  const text = useText();
  const clipboard = useClipboard();
  const { entry, phase } = item;
  const refused = phase === 'refused';
  const cancel = () => userOutbox(entry.userId).cancel(entry.id);
  return (
    <div className={classes.state} data-phase={phase}>
      {refused ? <CircleAlert size={14} aria-hidden="true" /> : <Clock size={13} aria-hidden="true" />}
      <span>{stateWords(item, text)}</span>
      {phase === 'sending' ? null : (
        <>
          <Button size="compact-xs" variant="default" onClick={onEdit}>
            {text('pending.edit')}
          </Button>
          {refused ? (
            <Button size="compact-xs" variant="default" onClick={() => clipboard.copy(entry.message)}>
              {text(clipboard.copied ? 'code.copied' : 'pending.copy')}
            </Button>
          ) : null}
          <Button size="compact-xs" variant="default" onClick={cancel}>
            {text(refused ? 'pending.delete' : 'pending.cancel')}
          </Button>
        </>
      )}
    </div>
  );
}

/** A message on its way. Its row becomes the post's row when the server has confirmed it. */
export const PendingRow = memo(function PendingRow({ item, grouped }: { item: OutboxItem; grouped: boolean }) {
  const text = useText();
  const { entry, phase } = item;
  const [editing, setEditing] = useState(false);
  const late = useIsLate(entry.createdAt) || phase === 'refused';
  const words = late ? `${entry.message}, ${stateWords(item, text)}` : entry.message;
  return (
    <MessageFrame userId={entry.userId} at={entry.createdAt} grouped={grouped} words={words} dataState={phase}>
      {editing ? (
        <TextEditor
          initial={entry.message}
          onSave={(message) => userOutbox(entry.userId).edit(entry.id, message)}
          onClose={() => setEditing(false)}
        />
      ) : (
        <>
          <div className={classes.pendingText} data-dimmed={(late && phase !== 'refused') || undefined}>
            <Markdown message={entry.message} />
          </div>
          {late ? <PendingState item={item} onEdit={() => setEditing(true)} /> : null}
        </>
      )}
    </MessageFrame>
  );
});
