import { Button, Group, Text, Textarea } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { errorText } from '../../client/index.ts';
import { useText } from '../texts.ts';
import classes from './message.module.css';

interface TextEditorProps {
  readonly initial: string;
  readonly onSave: (message: string) => Promise<void> | void;
  readonly onClose: () => void;
}

/** Changes a message in its place: Enter saves, Esc leaves it as it was. */
export function TextEditor({ initial, onSave, onClose }: TextEditorProps) {
  const text = useText();
  const [message, setMessage] = useState(initial);
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (message.trim() === '' || busy) return;
    if (message === initial) return onClose();
    setBusy(true);
    try {
      await onSave(message);
      onClose();
    } catch (error) {
      setFailure(errorText(error));
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') onClose();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void save();
  };
  return (
    <div className={classes.editor}>
      <Textarea
        aria-label={text('edit.label')}
        autosize
        maxRows={14}
        autoFocus
        value={message}
        error={failure || undefined}
        onFocus={(event) => event.currentTarget.setSelectionRange(initial.length, initial.length)}
        onChange={(event) => setMessage(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Group gap="xs" mt={6}>
        <Button size="compact-sm" loading={busy} onClick={() => void save()}>
          {text('edit.save')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {text('edit.cancel')}
        </Button>
        <Text size="xs" c="dimmed">
          {text('edit.hint')}
        </Text>
      </Group>
    </div>
  );
}
