import type { Logger } from '../../observability/index.ts';
import type { ChannelStore } from '../../stores/channels/index.ts';
import type { DraftStore } from '../../stores/drafts/index.ts';
import type { FileSearch, FileStore, UploadSessionStore } from '../../stores/files/index.ts';
import type { PostSearch, PostStore } from '../../stores/posts/index.ts';
import type { ReactionStore } from '../../stores/reactions/index.ts';
import type { SearchNames } from '../../stores/search/index.ts';
import type { SidebarStore } from '../../stores/sidebar/index.ts';
import type { TeamStore } from '../../stores/teams/index.ts';
import type { ThreadStore } from '../../stores/threads/index.ts';
import type { OutgoingEvent, Publisher } from '../base/publisher.ts';
import { ChannelAccesses } from '../channel-access/index.ts';
import {
  ChannelDirectory,
  ChannelMemberService,
  ChannelMove,
  ChannelService,
  GroupChannels,
  ReadingService,
} from '../channels/index.ts';
import { DraftService } from '../drafts/index.ts';
import { type Attachments, createAttachments, type FileGround } from '../files/index.ts';
import {
  createPostWriting,
  createSystemPosts,
  EphemeralPosts,
  People,
  PostFinder,
  PostService,
} from '../posts/index.ts';
import { ReactionService } from '../reactions/index.ts';
import { type SearchRules, SearchService } from '../search/index.ts';
import { SidebarService } from '../sidebar/index.ts';
import { TeamImages, TeamService } from '../teams/index.ts';
import { createThreadNews, ThreadService } from '../threads/index.ts';

export interface ChatDeps {
  readonly teams: TeamStore;
  readonly channels: ChannelStore;
  readonly posts: PostStore;
  readonly threads: ThreadStore;
  readonly drafts: DraftStore;
  readonly reactions: ReactionStore;
  readonly sidebar: SidebarStore;
  readonly files: FileStore;
  readonly uploads: UploadSessionStore;
  readonly postSearch: PostSearch;
  readonly fileSearch: FileSearch;
  readonly searchNames: SearchNames;
  /** What may be searched. */
  readonly searchRules: () => SearchRules;
  /** Where the bytes of files lie, and what may be uploaded. */
  readonly fileGround: FileGround;
  readonly publisher: Publisher;
  readonly logger: Logger;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** The services of the chat, and the one thing that they need to hear from the others. */
export interface Chat {
  readonly teams: TeamService;
  readonly teamImages: TeamImages;
  readonly channels: ChannelService;
  readonly channelMembers: ChannelMemberService;
  readonly channelDirectory: ChannelDirectory;
  readonly channelMove: ChannelMove;
  readonly groupChannels: GroupChannels;
  readonly reading: ReadingService;
  readonly posts: PostService;
  readonly postFinder: PostFinder;
  readonly ephemeralPosts: EphemeralPosts;
  readonly threads: ThreadService;
  readonly drafts: DraftService;
  readonly reactions: ReactionService;
  readonly sidebar: SidebarService;
  readonly attachments: Attachments;
  readonly search: SearchService;
  /**
   * Forgets what is kept in memory about whatever the event tells of. Own events are followed anyway; to be called for
   * those of other services (`user_updated`) and of other servers.
   */
  observe(event: OutgoingEvent): void;
  /** Forgets everything that is kept in memory of the database. */
  forget(): void;
}

export function createChat(deps: ChatDeps): Chat {
  const { now = Date.now, logger, fileGround, ...stores } = deps;
  const access = new ChannelAccesses({ channels: stores.channels, now });
  const people = new People({ posts: stores.posts, now });
  const observe = (event: OutgoingEvent): void => {
    access.apply(event);
    people.apply(event);
  };
  // Memory first: whoever reacts to the event meets the new rules already.
  const publisher: Publisher = {
    publish(event) {
      observe(event);
      deps.publisher.publish(event);
    },
  };
  const tellFollowers = createThreadNews({ ...stores, publisher, logger });
  const write = createPostWriting({ posts: stores.posts, people, publisher, tellFollowers });
  const notes = createSystemPosts({ people, write, logger });
  const shared = { ...stores, access, people, notes, write, publisher, now };
  const channelMembers = new ChannelMemberService(shared);
  const teams = new TeamService(shared);
  return {
    teams,
    teamImages: new TeamImages({ teams, fileGround, now }),
    channels: new ChannelService(shared),
    channelMembers,
    channelDirectory: new ChannelDirectory(shared),
    channelMove: new ChannelMove({ ...shared, members: channelMembers }),
    groupChannels: new GroupChannels(shared),
    reading: new ReadingService(shared),
    posts: new PostService(shared),
    postFinder: new PostFinder(shared),
    ephemeralPosts: new EphemeralPosts(shared),
    threads: new ThreadService(shared),
    drafts: new DraftService(shared),
    reactions: new ReactionService(shared),
    sidebar: new SidebarService({ ...shared, channelMembers }),
    search: new SearchService(shared),
    attachments: createAttachments({ ...shared, ...fileGround, logger }),
    observe,
    forget() {
      access.clear();
      people.clear();
    },
  };
}
