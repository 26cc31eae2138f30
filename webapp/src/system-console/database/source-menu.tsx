import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Bug, CirclePause, CirclePlay, Copy, EllipsisVertical, Info, type LucideIcon, PlugZap } from 'lucide-react';
import type { DataSourceStatus } from '../../../../contract/index.ts';
import { copyText } from '../../ui/index.ts';
import { type Text, useText } from '../texts.ts';

/** What can be done with one data source, by its name. */
export interface RowActions {
  readonly show: (name: string) => void;
  readonly test: (name: string) => void;
  readonly showErrors: (name: string) => void;
  readonly takeOut: (name: string) => void;
  readonly putBack: (name: string) => void;
}

interface SourceMenuProps {
  readonly source: DataSourceStatus;
  readonly actions: RowActions;
}

/** What can be done with one row. The details hold no secret: the server sends none. */
export function SourceMenu({ source, actions }: SourceMenuProps) {
  const text = useText();
  const { name } = source;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={text('database.actions', { name })}>
          <EllipsisVertical size={18} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Item icon={Info} label={text('database.action.details')} onClick={() => actions.show(name)} />
        <Item icon={PlugZap} label={text('database.action.test')} onClick={() => actions.test(name)} />
        <Item icon={Bug} label={text('database.action.errors')} onClick={() => actions.showErrors(name)} />
        <RotationItem source={source} actions={actions} />
        <Item icon={Copy} label={text('database.action.copy')} onClick={() => void copyDetails(source, text)} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Item({ icon: Icon, label, onClick }: { icon: LucideIcon; label: string; onClick: () => void }) {
  return (
    <Menu.Item leftSection={<Icon size={16} aria-hidden="true" />} onClick={onClick}>
      {label}
    </Menu.Item>
  );
}

/** A master has no place in the rotation that it could leave. */
function RotationItem({ source, actions }: SourceMenuProps) {
  const text = useText();
  if (source.assigned_role === 'master') return null;
  return source.taken_out === null ? (
    <Item icon={CirclePause} label={text('database.action.take_out')} onClick={() => actions.takeOut(source.name)} />
  ) : (
    <Item icon={CirclePlay} label={text('database.action.put_back')} onClick={() => actions.putBack(source.name)} />
  );
}

async function copyDetails(source: DataSourceStatus, text: Text): Promise<void> {
  const copied = await copyText(JSON.stringify(source, null, 2));
  notifications.show({
    message: text(copied ? 'database.copied' : 'database.not_copied', { name: source.name }),
    color: copied ? 'teal' : 'yellow',
  });
}
