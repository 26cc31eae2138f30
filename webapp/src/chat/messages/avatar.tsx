import { useChat, userName } from '../state/index.ts';
import classes from './avatar.module.css';

const hueCount = 8;

/** The same colour for the same person, everywhere. */
function hueOf(userId: string): number {
  let sum = 0;
  for (const letter of userId) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return sum % hueCount;
}

/** Initials on the person's colour, with their status when asked for. Decoration: the name stands beside it. */
export function Avatar({
  userId,
  size = 36,
  withStatus = false,
}: {
  userId: string;
  size?: number;
  withStatus?: boolean;
}) {
  const name = useChat((state) => userName(state.users[userId]));
  const status = useChat((state) => state.statuses[userId] ?? 'offline');
  return (
    <span
      className={classes.avatar}
      data-hue={hueOf(userId)}
      style={{ width: size, height: size, fontSize: size * 0.4 }}
      aria-hidden="true"
    >
      {name.slice(0, 2).toUpperCase()}
      {withStatus ? <span className={classes.status} data-status={status} /> : null}
    </span>
  );
}
