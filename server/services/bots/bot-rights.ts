import type { StoredBot } from '../../stores/bots/index.ts';
import type { Caller } from '../base/caller.ts';
import { may } from '../permissions/index.ts';

/** One's own bots and those of others are two rights. */
const isOwn = (caller: Caller, bot: StoredBot): boolean => bot.ownerId === caller.userId;

export function mayReadBot(caller: Caller, bot: StoredBot): boolean {
  return may(caller, isOwn(caller, bot) ? 'read_bots' : 'read_others_bots');
}

export function mayManageBot(caller: Caller, bot: StoredBot): boolean {
  return may(caller, isOwn(caller, bot) ? 'manage_bots' : 'manage_others_bots');
}
