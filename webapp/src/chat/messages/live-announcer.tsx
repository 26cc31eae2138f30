import { useEffect, useRef, useState } from 'react';
import { chatState, userName } from '../state/index.ts';
import { useText } from '../texts.ts';
import type { Row } from './rows.ts';

/**
 * Reads out new messages of others. A region of its own: the list itself changes with every scroll and must stay silent.
 */
export function LiveAnnouncer({ rows }: { rows: readonly Row[] }) {
  const text = useText();
  const [words, setWords] = useState('');
  const readUpTo = useRef<number | undefined>(undefined);
  useEffect(() => {
    const posts = rows.filter((row) => row.kind === 'post').map((row) => row.post);
    const newest = posts.at(-1)?.create_at ?? 0;
    const { myId, users } = chatState();
    const before = readUpTo.current;
    readUpTo.current = Math.max(before ?? 0, newest);
    // The first rows are the history, not news.
    if (before === undefined) return;
    const fresh = posts.filter((post) => post.create_at > before && post.user_id !== myId);
    if (fresh.length === 0) return;
    const said = fresh
      .slice(-3)
      .map((post) => text('list.said', { name: userName(users[post.user_id]), message: post.message }));
    setWords(said.join('. '));
  }, [rows, text]);
  return (
    <div className="visually-hidden" aria-live="polite">
      {words}
    </div>
  );
}
