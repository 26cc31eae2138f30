import { Button, type ButtonProps } from '@mantine/core';
import { useState } from 'react';
import { copyText } from '../../../ui/index.ts';
import { useText } from '../../texts.ts';

interface CopyButtonProps {
  readonly copied: string;
  /** What it copies, for those who do not see where it stands. */
  readonly what?: string;
  readonly size?: ButtonProps['size'];
  /** Default: Copy. */
  readonly label?: string;
}

/** Puts text on the clipboard and says whether that worked. */
export function CopyButton({ copied, what, size = 'compact-sm', label }: CopyButtonProps) {
  const text = useText();
  const [outcome, setOutcome] = useState<boolean>();
  const copy = async (): Promise<void> => setOutcome(await copyText(copied));
  return (
    <Button size={size} variant="default" onClick={() => void copy()}>
      <span aria-live="polite">
        {outcome === undefined ? (label ?? text('switch.copy')) : text(outcome ? 'switch.copied' : 'switch.not_copied')}
      </span>
      {what === undefined ? null : <span className="visually-hidden"> {what}</span>}
    </Button>
  );
}
