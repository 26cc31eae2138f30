import { Group, Kbd } from '@mantine/core';
import { useText } from '../texts.ts';
import classes from './dialogs.module.css';

const shortcuts = [
  ['keys.switcher', ['Ctrl', 'K']],
  ['keys.channel_before', ['Alt', '↑']],
  ['keys.channel_after', ['Alt', '↓']],
  ['keys.unread', ['Alt', 'Shift', '↓']],
  ['keys.edit_last', ['↑']],
  ['keys.new_line', ['Shift', 'Enter']],
  ['keys.messages', ['↑', '↓']],
  ['keys.reply', ['R']],
  ['keys.edit', ['E']],
  ['keys.react', ['+']],
  ['keys.escape', ['Esc']],
  ['keys.regions', ['F6']],
  ['keys.this', ['Ctrl', '/']],
] as const;

/** Every key of the chat. */
export function Shortcuts() {
  const text = useText();
  return (
    <dl className={classes.keys}>
      {shortcuts.map(([id, keys]) => (
        <div key={id} style={{ display: 'contents' }}>
          <dt>
            <Group gap={4} wrap="nowrap">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </dt>
          <dd>{text(id)}</dd>
        </div>
      ))}
    </dl>
  );
}
