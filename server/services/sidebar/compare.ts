import type { SidebarCategory } from '../../../contract/index.ts';

type Sidebar = readonly SidebarCategory[];

export interface MutedChannel {
  readonly channelId: string;
  readonly muted: boolean;
}

/** Which channels became favourites, and which are none any more. */
export function favoritesChanged(before: Sidebar, after: Sidebar): { added: string[]; removed: string[] } {
  const [old, now] = [favoritesOf(before), favoritesOf(after)];
  return { added: now.filter((id) => !old.includes(id)), removed: old.filter((id) => !now.includes(id)) };
}

function favoritesOf(sidebar: Sidebar): string[] {
  return sidebar.filter(({ type }) => type === 'favorites').flatMap((category) => category.channel_ids);
}

/** Channels that are in a muted category now and were not before, and the other way round. */
export function mutesChanged(before: Sidebar, after: Sidebar): MutedChannel[] {
  const old = mutesOf(before);
  return [...mutesOf(after)]
    .filter(([channelId, muted]) => old.has(channelId) && old.get(channelId) !== muted)
    .map(([channelId, muted]) => ({ channelId, muted }));
}

function mutesOf(sidebar: Sidebar): Map<string, boolean> {
  return new Map(sidebar.flatMap(({ muted, channel_ids }) => channel_ids.map((id): [string, boolean] => [id, muted])));
}
