import { Button, Group, Text } from '@mantine/core';
import { errorText } from '../../client/index.ts';
import { Banner, Dialog } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import type { RotationControl } from './use-rotation.ts';

/** What it means to take a replica out, and the question whether to do it. */
export function RotationDialog({ rotation }: { rotation: RotationControl }) {
  const text = useText();
  const { asked, isLast, running, error } = rotation;
  return (
    <Dialog
      opened={asked !== undefined}
      onClose={rotation.cancel}
      title={text('rotation.title', { name: asked ?? '' })}
      role="alertdialog"
    >
      <Text size="sm" mb="sm">
        {text('rotation.effect')}
      </Text>
      {isLast ? <Banner tone="warning">{text('rotation.last')}</Banner> : null}
      <div role="alert">
        {error ? <Banner tone="bad">{text('rotation.failed', { reason: errorText(error) })}</Banner> : null}
      </div>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={rotation.cancel} data-autofocus>
          {text('rotation.cancel')}
        </Button>
        <Button loading={running} onClick={rotation.takeOut}>
          {text(isLast ? 'rotation.take_out_last' : 'rotation.take_out')}
        </Button>
      </Group>
    </Dialog>
  );
}
