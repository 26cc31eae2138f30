import { Button } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { Operation } from '../../../../contract/index.ts';
import { useConfigStatus, useOperations } from '../data/queries.ts';
import { useText } from '../texts.ts';
import { SwitchBackDialog } from './switch-back-dialog.tsx';

interface SwitchBackProps {
  readonly operation: Operation;
  /** Opens the dialog of the recycle, which is the last step. */
  readonly openRecycle: () => void;
}

/**
 * The way back from a recycle to the configuration that the live pools had before it. Nothing to be seen where there is
 * none: it switched to the same one, or a later operation has switched since.
 */
export function SwitchBack({ operation, openRecycle }: SwitchBackProps) {
  const text = useText();
  const [opened, setOpened] = useState(false);
  const close = useCallback(() => setOpened(false), []);
  const live = useConfigStatus().data?.layers.live.sha;
  const latest = useOperations().data?.find(hasSwitched);
  const { id, configuration_before: before } = operation;
  if (before === undefined || live === undefined || before === live || latest?.id !== id) return null;
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpened(true)}>
        {text('switch_back')}
      </Button>
      <SwitchBackDialog opened={opened} sha={before} onClose={close} openRecycle={openRecycle} />
    </>
  );
}

const hasSwitched = ({ outcome }: Operation): boolean => outcome === 'succeeded' || outcome === 'failed-after-switch';
