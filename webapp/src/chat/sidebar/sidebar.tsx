import { ActionIcon, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Hash, Lock, Plus } from 'lucide-react';
import { memo, useMemo } from 'react';
import type { Channel } from '../../../../contract/index.ts';
import { openDialog } from '../dialogs/dialog-store.ts';
import { Avatar } from '../messages/avatar.tsx';
import { channelTitle, directPartner, sidebarSections, type Unread, unreadOf, useChat } from '../state/index.ts';
import { type ChatText, useText } from '../texts.ts';
import classes from './sidebar.module.css';

function unreadWords({ messages, mentions }: Unread, text: ChatText): string {
  if (mentions > 0) return text('sidebar.mentions', { count: mentions });
  return messages > 0 ? text('sidebar.unread') : '';
}

function ChannelIcon({ channel }: { channel: Channel }) {
  const myId = useChat((state) => state.myId);
  if (channel.type === 'D') return <Avatar userId={directPartner(channel, myId)} size={22} withStatus />;
  return channel.type === 'P' ? <Lock size={15} aria-hidden="true" /> : <Hash size={15} aria-hidden="true" />;
}

function LinkContent({ channel, title, unread }: { channel: Channel; title: string; unread: Unread }) {
  return (
    <>
      <span className={classes.icon}>
        <ChannelIcon channel={channel} />
      </span>
      <span className={classes.title}>{title}</span>
      {unread.mentions > 0 ? (
        <span className={classes.badge} aria-hidden="true">
          {unread.mentions}
        </span>
      ) : null}
    </>
  );
}

const ChannelLink = memo(function ChannelLink({ channel, onOpen }: { channel: Channel; onOpen: () => void }) {
  const text = useText();
  const team = useChat((state) => state.team?.name ?? '');
  const title = useChat((state) => channelTitle(state, channel));
  const partner = useChat((state) => state.users[directPartner(channel, state.myId)]?.username);
  const member = useChat((state) => state.members[channel.id]);
  const unread = unreadOf(channel, member);
  const words = unreadWords(unread, text);
  const shared = {
    className: classes.link,
    'aria-label': words === '' ? title : `${title}, ${words}`,
    'data-unread': words !== '' || undefined,
    onClick: onOpen,
    activeOptions: { includeSearch: false },
  };
  const content = <LinkContent channel={channel} title={title} unread={unread} />;
  if (channel.type === 'D') {
    return (
      <Link {...shared} to="/$team/messages/$user" params={{ team, user: partner ?? '' }}>
        {content}
      </Link>
    );
  }
  return (
    <Link {...shared} to="/$team/channels/$name" params={{ team, name: channel.name }}>
      {content}
    </Link>
  );
});

function AddMenu() {
  const text = useText();
  return (
    <Menu withinPortal={false} position="bottom-end">
      <Menu.Target>
        <ActionIcon size={30} aria-label={text('sidebar.add')}>
          <Plus size={17} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => openDialog('browse-channels')}>{text('dialog.title.browse-channels')}</Menu.Item>
        <Menu.Item onClick={() => openDialog('create-channel')}>{text('dialog.title.create-channel')}</Menu.Item>
        <Menu.Item onClick={() => openDialog('direct-message')}>{text('dialog.title.direct-message')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The user's channels and direct messages, with what is unread in each. */
export function Sidebar({ onOpen }: { onOpen: () => void }) {
  const text = useText();
  const channels = useChat((state) => state.channels);
  const members = useChat((state) => state.members);
  const sections = useMemo(() => sidebarSections({ channels, members }), [channels, members]);
  return (
    <nav className={classes.sidebar} aria-label={text('sidebar.label')}>
      {sections.map((section) => (
        <section key={section.kind} className={classes.section}>
          <div className={classes.heading}>
            <h2>{text(`sidebar.${section.kind}`)}</h2>
            {section.kind === 'channels' ? <AddMenu /> : <DirectButton />}
          </div>
          <ul>
            {section.channels.map((channel) => (
              <li key={channel.id}>
                <ChannelLink channel={channel} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function DirectButton() {
  const text = useText();
  return (
    <ActionIcon size={30} aria-label={text('sidebar.write')} onClick={() => openDialog('direct-message')}>
      <Plus size={17} aria-hidden="true" />
    </ActionIcon>
  );
}
