import { live } from '../../client/index.ts';

const between = 3_000;
let last = { place: '', at: 0 };

/** Tells the channel that the user types, at most once in three seconds. */
export function tellTyping(channelId: string, rootId: string): void {
  const place = `${channelId}/${rootId}`;
  const now = Date.now();
  if (last.place === place && now - last.at < between) return;
  last = { place, at: now };
  void live.ask('user_typing', { channel_id: channelId, parent_id: rootId });
}
