import { Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Keyboard, LogOut, Monitor, Moon, ServerCog, Sun } from 'lucide-react';
import { isSystemAdmin, useCurrentUser } from '../../client/index.ts';
import { type ColorScheme, colorSchemes, useColorScheme } from '../../ui/index.ts';
import { openDialog } from '../dialogs/dialog-store.ts';
import { askToSignOut } from '../dialogs/sign-out.tsx';
import { Avatar } from '../messages/avatar.tsx';
import type { Outbox } from '../outbox/index.ts';
import { useText } from '../texts.ts';
import classes from './top-bar.module.css';

const themeIcons: Readonly<Record<ColorScheme, typeof Sun>> = { auto: Monitor, light: Sun, dark: Moon };

function ThemeItems() {
  const text = useText();
  const [chosen, choose] = useColorScheme();
  return (
    <>
      <Menu.Label>{text('menu.theme')}</Menu.Label>
      <Menu.RadioGroup value={chosen} onChange={(value) => choose(value as ColorScheme)}>
        {colorSchemes.map(({ value, label }) => {
          const Icon = themeIcons[value];
          return (
            <Menu.RadioItem
              key={value}
              value={value}
              closeMenuOnClick={false}
              rightSection={<Icon size={16} aria-hidden="true" />}
            >
              {label}
            </Menu.RadioItem>
          );
        })}
      </Menu.RadioGroup>
    </>
  );
}

/** Theme, keys, the System Console for admins, and the way out. */
export function UserMenu({ outbox }: { outbox: Outbox }) {
  const text = useText();
  const user = useCurrentUser();
  const navigate = useNavigate();
  return (
    <Menu withinPortal={false} position="bottom-end" width={230}>
      <Menu.Target>
        <button type="button" className={classes.user} aria-label={text('menu.label', { name: user.username })}>
          <Avatar userId={user.id} size={32} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{text('menu.signed_in', { name: user.username })}</Menu.Label>
        {isSystemAdmin(user) ? (
          <Menu.Item
            leftSection={<ServerCog size={16} aria-hidden="true" />}
            onClick={() => void navigate({ to: '/admin_console/$', params: { _splat: 'overview' } })}
          >
            {text('menu.console')}
          </Menu.Item>
        ) : null}
        <Menu.Item leftSection={<Keyboard size={16} aria-hidden="true" />} onClick={() => openDialog('shortcuts')}>
          {text('dialog.title.shortcuts')}
        </Menu.Item>
        <Menu.Divider />
        <ThemeItems />
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={16} aria-hidden="true" />} onClick={() => askToSignOut(outbox)}>
          {text('menu.sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
