import { useNavigate } from '@tanstack/react-router';
import type { Channel } from '../../../../contract/index.ts';
import { api } from '../../client/index.ts';
import { takeChannel } from '../data/team.ts';
import { chatState, directPartner } from '../state/index.ts';

/** Ways to go to a channel from anywhere in the chat. */
export function useOpenChannel() {
  const navigate = useNavigate();
  const team = () => chatState().team?.name ?? '';
  const open = (channel: Channel) => {
    const { users, myId } = chatState();
    const partner = channel.type === 'D' ? users[directPartner(channel, myId)] : undefined;
    if (partner) void navigate({ to: '/$team/messages/$user', params: { team: team(), user: partner.username } });
    else void navigate({ to: '/$team/channels/$name', params: { team: team(), name: channel.name } });
  };
  return {
    open,
    openDirect: (username: string) =>
      void navigate({ to: '/$team/messages/$user', params: { team: team(), user: username } }),
    /** Joins an open channel, then goes there. Throws `AppError`. */
    join: async (channel: Channel) => {
      await api.channels.join(channel.id, chatState().myId);
      open(await takeChannel(channel.id));
    },
  };
}
