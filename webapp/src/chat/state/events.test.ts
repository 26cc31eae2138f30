import { describe, expect, it } from 'vitest';
import type { Reaction } from '../../../../contract/index.ts';
import { unreadOf } from './channels.ts';
import type { ChatState } from './chat-state.ts';
import { changeOf } from './events.ts';
import { addPost, applyChanges, markStale, openThread, openWindow } from './posts.ts';
import { makeChannel, makeEvent, makeMember, makePage, makePost, makeState, postedEvent } from './testing.ts';

const unread = (state: ChatState, channelId = 'town') => {
  const channel = state.channels[channelId];
  if (!channel) throw new Error(`no channel ${channelId}`);
  return unreadOf(channel, state.members[channelId]);
};
const opened = (...numbers: number[]) =>
  openWindow('town', makePage(numbers.map((number) => makePost(number))))(makeState());
const order = (state: ChatState) => state.windows.town?.order;

describe('posted', () => {
  it('adds to the window and counts as unread', () => {
    const state = changeOf(postedEvent(makePost(3)), 0)(opened(1, 2));
    expect(order(state)).toEqual(['p1', 'p2', 'p3']);
    expect(unread(state)).toEqual({ messages: 1, mentions: 0 });
  });

  it('counts mentions of me, and nothing of mine', () => {
    let state = changeOf(postedEvent(makePost(1), ['ann', 'eve']), 0)(makeState());
    expect(unread(state)).toEqual({ messages: 1, mentions: 1 });
    state = changeOf(postedEvent(makePost(2, { user_id: 'ann' }), ['ann']), 0)(state);
    expect(unread(state)).toEqual({ messages: 1, mentions: 1 });
  });

  it('counts every message of a direct channel as a mention', () => {
    const state = makeState({
      channels: { dm: makeChannel('dm', { type: 'D', name: 'ann__bob' }) },
      members: { dm: makeMember('dm') },
    });
    const next = changeOf(postedEvent(makePost(1, { channel_id: 'dm' })), 0)(state);
    expect(unread(next, 'dm')).toEqual({ messages: 1, mentions: 1 });
  });

  it('does not call for anybody when somebody comes or goes', () => {
    const state = changeOf(postedEvent(makePost(1, { type: 'system_join_channel' })), 0)(opened());
    expect(order(state)).toEqual(['p1']);
    expect(unread(state)).toEqual({ messages: 0, mentions: 0 });
  });

  it('changes nothing the second time', () => {
    const event = postedEvent(makePost(3), ['ann']);
    const once = changeOf(event, 0)(opened(1, 2));
    expect(changeOf(event, 0)(once)).toEqual(once);
  });

  it('does not count what the counters from the server already hold', () => {
    const state = makeState({
      channels: { town: makeChannel('town', { total_msg_count: 1, last_post_at: makePost(1).create_at }) },
    });
    expect(unread(changeOf(postedEvent(makePost(1)), 0)(state)).messages).toBe(1);
  });

  it('comes to the same as the answer of the request, in either order', () => {
    const post = makePost(3, { user_id: 'ann', pending_post_id: 'ann:1' });
    const event = changeOf(postedEvent(post), 0);
    const answer = addPost(post);
    expect(event(answer(opened(1)))).toEqual(answer(event(opened(1))));
  });

  it('leaves a window that does not reach the present as it is', () => {
    const state = openWindow('town', makePage([makePost(1)], { next: 'p2' }))(makeState());
    const next = changeOf(postedEvent(makePost(9)), 0)(state);
    expect(order(next)).toEqual(['p1']);
    expect(unread(next).messages).toBe(1);
  });

  it('adds a reply to its root and to the open thread, once', () => {
    const root = makePost(1);
    let state = openThread('p1', makePage([root]))(opened(1));
    const event = postedEvent(makePost(2, { root_id: 'p1', reply_count: 1, last_reply_at: makePost(2).create_at }));
    state = changeOf(event, 0)(changeOf(event, 0)(state));
    expect(state.threads.p1).toEqual(['p1', 'p2']);
    expect(state.posts.p1).toMatchObject({ reply_count: 1, last_reply_at: makePost(2).create_at });
  });

  it('ends the typing of its author', () => {
    const typing = changeOf(makeEvent('typing', { user_id: 'bob', parent_id: '' }), 100)(makeState());
    expect(typing.typing['town/']).toEqual({ bob: 5_100 });
    expect(changeOf(postedEvent(makePost(1)), 200)(typing).typing['town/']).toEqual({});
  });
});

describe('edits, deletions and reactions', () => {
  const edited = makePost(1, { message: 'new', update_at: 5_000, edit_at: 5_000 });
  it('takes an edit, and no older version afterwards', () => {
    let state = changeOf(makeEvent('post_edited', { post: JSON.stringify(edited) }), 0)(opened(1));
    expect(state.posts.p1?.message).toBe('new');
    state = addPost(makePost(1))(state);
    expect(state.posts.p1?.message).toBe('new');
  });
  it('removes a post, and a thread with its root', () => {
    const state = changeOf(postedEvent(makePost(2, { root_id: 'p1' })), 0)(opened(1, 3));
    const deleted = changeOf(makeEvent('post_deleted', { post: JSON.stringify(makePost(1)) }), 0)(state);
    expect(order(deleted)).toEqual(['p3']);
  });
  it('sets and unsets a reaction, each once', () => {
    const reaction = { user_id: 'bob', post_id: 'p1', emoji_name: '+1' } as Reaction;
    const added = changeOf(makeEvent('reaction_added', { reaction: JSON.stringify(reaction) }), 0);
    const removed = changeOf(makeEvent('reaction_removed', { reaction: JSON.stringify(reaction) }), 0);
    const state = added(added(opened(1)));
    expect(state.posts.p1?.metadata.reactions).toHaveLength(1);
    expect(removed(state).posts.p1?.metadata.reactions).toEqual([]);
  });
});

describe('channels', () => {
  it('counts as read when it was viewed elsewhere', () => {
    const state = changeOf(postedEvent(makePost(1), ['ann']), 0)(makeState());
    const viewed = changeOf(makeEvent('channel_viewed', { channel_id: 'town' }), 9_000)(state);
    expect(unread(viewed)).toEqual({ messages: 0, mentions: 0 });
    expect(viewed.members.town?.last_viewed_at).toBe(9_000);
  });
  it('is gone for the one who was removed', () => {
    const state = changeOf(makeEvent('user_removed', { channel_id: 'town', remover_id: 'eve' }), 0)(opened(1));
    expect(state.members.town).toBeUndefined();
    expect(state.windows.town).toBeUndefined();
  });
  it('leaves the state as it is for events that say nothing about it', () => {
    const state = makeState();
    expect(changeOf(makeEvent('new_user', { user_id: 'eve' }), 0)(state)).toBe(state);
  });
});

describe('after missed events', () => {
  it('state before plus changes equals state after', () => {
    const before = opened(1, 2);
    const live = [
      postedEvent(makePost(3)),
      makeEvent('post_edited', { post: JSON.stringify(makePost(1, { message: 'new', update_at: 7_000 })) }),
      makeEvent('post_deleted', { post: JSON.stringify(makePost(2)) }),
    ].reduce((state, event) => changeOf(event, 0)(state), before);
    const changes = makePage([
      makePost(3),
      makePost(1, { message: 'new', update_at: 7_000 }),
      makePost(2, { delete_at: 8_000, update_at: 8_000, message: '' }),
    ]);
    const caughtUp = applyChanges('town', changes)(markStale('town')(before));
    expect(order(caughtUp)).toEqual(order(live));
    expect(order(caughtUp)?.map((id) => caughtUp.posts[id]?.message)).toEqual(['new', 'message 3']);
    expect(caughtUp.windows.town?.gap).toBe(false);
  });

  it('marks the gap in the open channel and lets go of the others', () => {
    const state = openWindow('ops', makePage([makePost(9, { channel_id: 'ops' })]))(opened(1));
    const stale = markStale('town')(state);
    expect(stale.windows.town?.gap).toBe(true);
    expect(stale.windows.ops).toBeUndefined();
  });

  it('does not pull changes of old posts into a window that starts later', () => {
    const state = openWindow('town', makePage([makePost(50)], { previous: 'p49' }))(makeState());
    const next = applyChanges('town', makePage([makePost(2, { update_at: 9_000 })]))(state);
    expect(order(next)).toEqual(['p50']);
  });
});
