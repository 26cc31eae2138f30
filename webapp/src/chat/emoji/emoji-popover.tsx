import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { LoadingLines } from '../../ui/index.ts';
import type { EmojiPickerProps } from './emoji-picker.tsx';

const EmojiPicker = lazy(() => import('./emoji-picker.tsx').then((module) => ({ default: module.EmojiPicker })));

interface EmojiPopoverProps extends EmojiPickerProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly size?: number;
  readonly disabled?: boolean;
  /** The pop-over was opened or closed: its owner must not go away meanwhile. */
  readonly onToggle?: (opened: boolean) => void;
}

/** A button that opens the emoji picker, which is loaded then. */
export function EmojiPopover({ label, icon, onPick, onToggle, size = 32, disabled = false }: EmojiPopoverProps) {
  const [opened, setOpened] = useState(false);
  const toggle = (next: boolean) => {
    setOpened(next);
    onToggle?.(next);
  };
  return (
    <Popover opened={opened} onChange={toggle} position="top-end" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={label}>
          <ActionIcon size={size} aria-label={label} disabled={disabled} onClick={() => toggle(!opened)}>
            {icon}
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={label}>
        <Suspense fallback={<LoadingLines lines={6} />}>
          <EmojiPicker
            onPick={(emoji, name) => {
              toggle(false);
              onPick(emoji, name);
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
