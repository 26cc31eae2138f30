import { useShallow } from 'zustand/react/shallow';
import { useClock } from '../../ui/index.ts';
import { typingKey, useChat, userName } from '../state/index.ts';
import { type ChatText, useText } from '../texts.ts';
import classes from './composer.module.css';

function wordsFor(names: readonly string[], text: ChatText): string {
  const [first = '', second = '', third = ''] = names;
  if (names.length === 0) return '';
  if (names.length === 1) return text('typing.one', { first });
  if (names.length === 2) return text('typing.two', { first, second });
  return names.length === 3 ? text('typing.three', { first, second, third }) : text('typing.many');
}

/** Who types here. Its room is always kept; it is not read out. */
export function TypingLine({ channelId, rootId }: { channelId: string; rootId: string }) {
  const text = useText();
  const now = useClock(1_000);
  const names = useChat(
    useShallow((state) =>
      Object.entries(state.typing[typingKey(channelId, rootId)] ?? {})
        .filter(([userId, until]) => until > now && userId !== state.myId)
        .map(([userId]) => userName(state.users[userId])),
    ),
  );
  return (
    <div className={classes.typing} aria-hidden="true">
      {wordsFor(names, text)}
    </div>
  );
}
