import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { CircleAlert, Clock } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type OutboxItem, userOutbox } from '../outbox/index.ts';
import { type ChatText, useText } from '../texts.ts';
import classes from './message.module.css';

/** Most messages are confirmed sooner: a mark that came and went would only flicker. */
const markAfter = 400;

/** Whether a message that is on its way is marked as such. */
export function useIsMarked(item: OutboxItem | undefined): boolean {
  const createdAt = item?.entry.createdAt;
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const left = createdAt === undefined ? 0 : createdAt + markAfter - Date.now();
    if (left <= 0) return;
    const timer = setTimeout(() => setNow(Date.now()), left);
    return () => clearTimeout(timer);
  }, [createdAt]);
  if (!item) return false;
  return item.phase === 'refused' || now - item.entry.createdAt >= markAfter;
}

/** How far a message is, in words. */
export function pendingWords({ phase, entry }: OutboxItem, text: ChatText): string {
  if (phase === 'refused') return text('pending.refused', { reason: entry.reason });
  const words = text(phase === 'sending' ? 'pending.sending' : 'pending.waiting');
  return entry.again ? `${words}. ${text('pending.again')}` : words;
}

/** How far a message is, and what can be done about it. */
export function PendingState({ item, onEdit }: { item: OutboxItem; onEdit: () => void }) {
  const text = useText();
  const clipboard = useClipboard();
  const { entry, phase } = item;
  const refused = phase === 'refused';
  const cancel = () => userOutbox(entry.userId).cancel(entry.id);
  return (
    <div className={classes.state} data-phase={phase}>
      {refused ? <CircleAlert size={14} aria-hidden="true" /> : <Clock size={13} aria-hidden="true" />}
      <span>{pendingWords(item, text)}</span>
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
