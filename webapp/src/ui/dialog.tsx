import { Modal, type ModalBaseProps } from '@mantine/core';
import type { ReactNode } from 'react';

export interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** `alertdialog` for a question that must be answered; default `dialog`. */
  readonly role?: 'dialog' | 'alertdialog';
  readonly size?: NonNullable<ModalBaseProps['size']>;
  /** False while an action runs that closing would hide; default true. */
  readonly closable?: boolean;
}

/**
 * The one dialog of the webapp. It gives focus to the element marked `data-autofocus` (for a dangerous action: Cancel),
 * keeps it inside, and gives it back.
 */
export function Dialog({
  opened,
  onClose,
  title,
  children,
  role = 'dialog',
  size = 'md',
  closable = true,
}: DialogProps) {
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size={size}
      centered
      closeOnEscape={closable}
      closeOnClickOutside={false}
    >
      <Modal.Overlay backgroundOpacity={0.45} />
      {/* Mantine fixes the role, and a header element would be a second banner landmark. */}
      <Modal.Content ref={(element) => element?.setAttribute('role', role)}>
        <Modal.Header component="div">
          <Modal.Title component="h2" fz="lg" fw={650}>
            {title}
          </Modal.Title>
          {closable ? <Modal.CloseButton aria-label="Close" /> : null}
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
