import { ActionIcon, Button, Kbd, Menu, Tooltip } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { ChevronDown, Menu as MenuIcon, Search } from 'lucide-react';
import { openDialog } from '../dialogs/dialog-store.ts';
import type { Outbox } from '../outbox/index.ts';
import { useChat } from '../state/index.ts';
import { useText } from '../texts.ts';
import classes from './top-bar.module.css';
import { UserMenu } from './user-menu.tsx';

function TeamMenu() {
  const text = useText();
  const navigate = useNavigate();
  const team = useChat((state) => state.team);
  return (
    <Menu withinPortal={false} position="bottom-start">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          className={classes.team}
          rightSection={<ChevronDown size={15} aria-hidden="true" />}
          aria-label={team ? text('team.menu', { team: team.display_name }) : text('team.menu_unknown')}
        >
          {team?.display_name ?? '…'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => openDialog('browse-channels')}>{text('dialog.title.browse-channels')}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void navigate({ to: '/select_team' })}>{text('team.other')}</Menu.Item>
        <Menu.Item onClick={() => void navigate({ to: '/create_team' })}>{text('team.create')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface TopBarProps {
  readonly outbox: Outbox;
  readonly sidebarOpen: boolean;
  readonly onToggleSidebar: () => void;
}

/** Team, the way to every channel, and the user's own menu. */
export function TopBar({ outbox, sidebarOpen, onToggleSidebar }: TopBarProps) {
  const text = useText();
  return (
    <header className={classes.bar}>
      <ActionIcon
        className={classes.toggle}
        size={40}
        aria-label={text('sidebar.toggle')}
        aria-expanded={sidebarOpen}
        onClick={onToggleSidebar}
      >
        <MenuIcon size={20} aria-hidden="true" />
      </ActionIcon>
      <img src="/favicon.svg" width={26} height={26} alt="" className={classes.mark} />
      <TeamMenu />
      <Tooltip label={text('switcher.hint')}>
        <button type="button" className={classes.find} onClick={() => openDialog('switcher')}>
          <Search size={15} aria-hidden="true" />
          <span>{text('switcher.open')}</span>
          <Kbd size="xs" aria-hidden="true">
            Ctrl K
          </Kbd>
        </button>
      </Tooltip>
      <UserMenu outbox={outbox} />
    </header>
  );
}
