import { ActionIcon, Menu } from '@mantine/core';
import { Copy, EllipsisVertical, Info } from 'lucide-react';
import type { DataSourceStatus } from '../../../../contract/index.ts';
import { useText } from '../texts.ts';

interface SourceMenuProps {
  readonly source: DataSourceStatus;
  readonly onShow: (name: string) => void;
}

/** What can be done with one row. The details hold no secret: the server sends none. */
export function SourceMenu({ source, onShow }: SourceMenuProps) {
  const text = useText();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={text('database.actions', { name: source.name })}>
          <EllipsisVertical size={18} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Info size={16} aria-hidden="true" />} onClick={() => onShow(source.name)}>
          {text('database.action.details')}
        </Menu.Item>
        <Menu.Item
          leftSection={<Copy size={16} aria-hidden="true" />}
          onClick={() => void navigator.clipboard.writeText(JSON.stringify(source, null, 2))}
        >
          {text('database.action.copy')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
