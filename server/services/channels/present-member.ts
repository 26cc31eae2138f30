import type { ChannelMember } from '../../../contract/index.ts';
import type { ChannelMemberRecord } from '../../stores/channels/index.ts';
import { memberRoles } from '../permissions/index.ts';

/** A member as the API shows it. */
export function presentChannelMember(record: ChannelMemberRecord): ChannelMember {
  return { ...record, roles: memberRoles('channel', record) };
}
