import { Button } from '@mantine/core';
import { Recycle } from 'lucide-react';
import { useText } from '../texts.ts';
import { RecycleDialog } from './recycle-dialog.tsx';
import type { RecycleState } from './use-recycle.ts';

/** The button, and the dialog that shows what it would do before it does. */
export function RecycleAction({ recycle }: { recycle: RecycleState }) {
  const text = useText();
  return (
    <>
      <Button
        leftSection={<Recycle size={16} aria-hidden="true" />}
        disabled={recycle.running}
        title={recycle.running ? text('database.recycle.running') : undefined}
        onClick={recycle.openDialog}
      >
        {text('database.recycle')}
      </Button>
      <RecycleDialog
        opened={recycle.dialogOpen}
        plan={recycle.plan}
        runningActor={recycle.running ? recycle.operation?.actor : undefined}
        onClose={recycle.closeDialog}
        onStart={recycle.start}
      />
    </>
  );
}
