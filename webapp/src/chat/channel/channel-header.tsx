import { ActionIcon, Menu, Text, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ellipsis, Lock, UserPlus, Users } from 'lucide-react';
import type { Channel } from '../../../../contract/index.ts';
import { api, errorText } from '../../client/index.ts';
import { openDialog } from '../dialogs/dialog-store.ts';
import { chatState, leaveChannel, takeNews } from '../state/index.ts';
import { useText } from '../texts.ts';
import classes from './channel-header.module.css';

function useLeave(channel: Channel) {
  const text = useText();
  const navigate = useNavigate();
  return async () => {
    try {
      await api.channels.leave(channel.id, chatState().myId);
      takeNews(leaveChannel(channel.id));
      await navigate({ to: '/$team', params: { team: chatState().team?.name ?? '' } });
    } catch (error) {
      notifications.show({ color: 'red', title: text('channel.leave_failed'), message: errorText(error) });
    }
  };
}

function ChannelMenu({ channel, title }: { channel: Channel; title: string }) {
  const text = useText();
  const leave = useLeave(channel);
  return (
    <Menu withinPortal={false} position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={text('channel.menu', { channel: title })}>
          <Ellipsis size={19} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => openDialog('add-people', channel.id)}>{text('dialog.title.add-people')}</Menu.Item>
        <Menu.Item onClick={() => openDialog('edit-channel', channel.id)}>
          {text('dialog.title.edit-channel')}
        </Menu.Item>
        {channel.name === 'town-square' ? null : (
          <Menu.Item onClick={() => void leave()}>{text('channel.leave')}</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function MemberCount({ channelId }: { channelId: string }) {
  const text = useText();
  const { data } = useQuery({ queryKey: ['channel-stats', channelId], queryFn: () => api.channels.stats(channelId) });
  if (!data) return null;
  const label = text('channel.members', { count: data.member_count });
  return (
    <Tooltip label={label}>
      <span className={classes.members} role="img" aria-label={label}>
        <Users size={16} aria-hidden="true" />
        {data.member_count}
      </span>
    </Tooltip>
  );
}

/** Name and topic of the channel, its people, its menu. */
export function ChannelHeader({ channel, title }: { channel: Channel; title: string }) {
  const text = useText();
  const isRoom = channel.type === 'O' || channel.type === 'P';
  return (
    <div className={classes.header}>
      {channel.type === 'P' ? <Lock size={16} aria-hidden="true" /> : null}
      <h1 className={classes.title}>{title}</h1>
      <Text size="sm" c="dimmed" truncate className={classes.topic}>
        {channel.header || channel.purpose}
      </Text>
      {isRoom ? (
        <>
          <MemberCount channelId={channel.id} />
          <Tooltip label={text('dialog.title.add-people')}>
            <ActionIcon
              aria-label={text('dialog.title.add-people')}
              onClick={() => openDialog('add-people', channel.id)}
            >
              <UserPlus size={18} aria-hidden="true" />
            </ActionIcon>
          </Tooltip>
          <ChannelMenu channel={channel} title={title} />
        </>
      ) : null}
    </div>
  );
}
