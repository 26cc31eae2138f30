import type { Draft, FileInfo, SaveDraftRequest } from '../../../contract/index.ts';
import type { DraftPlace, DraftStore, StoredDraft } from '../../stores/drafts/index.ts';
import type { FileStore } from '../../stores/files/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import type { Publisher } from '../base/publisher.ts';
import type { ChannelAccesses } from '../channel-access/index.ts';
import { presentFile } from '../files/index.ts';
import { mayPost } from '../permissions/index.ts';
import { checkMessageLength } from '../posts/index.ts';

export interface DraftServiceDeps {
  readonly drafts: DraftStore;
  readonly files: Pick<FileStore, 'ofCreator'>;
  readonly access: ChannelAccesses;
  readonly publisher: Publisher;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** What people have begun to write, so that it is there on their other devices. Everybody sees only their own. */
export class DraftService {
  readonly #deps: DraftServiceDeps;
  readonly #now: () => number;

  constructor(deps: DraftServiceDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
  }

  /** Keeps a draft where the caller may post. An empty one takes the one that is there away. */
  async save(caller: Caller, request: SaveDraftRequest): Promise<Draft> {
    const { channel_id: channelId, root_id: rootId, message, type } = request;
    checkMessageLength(message);
    await this.#deps.access.require(caller, channelId, mayPost);
    const place = { userId: caller.userId, channelId, rootId };
    const fileIds = [...new Set(request.file_ids ?? [])];
    const content = { type, message, props: request.props ?? {}, fileIds, priority: request.priority ?? {} };
    const at = this.#now();
    if (message === '' && fileIds.length === 0) {
      const removed = await this.#remove(caller, place, at);
      return removed ?? present({ ...place, ...content, createAt: at, updateAt: at }, at);
    }
    const saved = await this.#deps.drafts.save(caller.causality, { ...place, ...content, at });
    const [shown] = await this.#presentAll(caller, [saved]);
    this.#tell(caller, saved.createAt === at ? 'draft_created' : 'draft_updated', shown as Draft);
    return shown as Draft;
  }

  async ofTeam(caller: Caller, userId: string, teamId: string): Promise<Draft[]> {
    refuseOthers(caller, userId);
    return this.#presentAll(caller, await this.#deps.drafts.ofTeam(caller.causality, userId, teamId));
  }

  /** Takes a draft away; where there is none, nothing is said. */
  async remove(caller: Caller, place: DraftPlace): Promise<void> {
    refuseOthers(caller, place.userId);
    await this.#remove(caller, place, this.#now());
  }

  async #remove(caller: Caller, place: DraftPlace, at: number): Promise<Draft | undefined> {
    const removed = await this.#deps.drafts.remove(caller.causality, place);
    if (removed === undefined) return undefined;
    const shown = present(removed, at);
    this.#tell(caller, 'draft_deleted', shown);
    return shown;
  }

  async #presentAll(caller: Caller, drafts: readonly StoredDraft[]): Promise<Draft[]> {
    const ids = drafts.flatMap((draft) => draft.fileIds);
    if (ids.length === 0) return drafts.map((draft) => present(draft));
    const files = await this.#deps.files.ofCreator(caller.userId, ids);
    return drafts.map((draft) => {
      const own = draft.fileIds.map((id) => files.get(id)).filter((file) => file !== undefined);
      const infos = own.map((file) => presentFile(file));
      return present(draft, 0, infos);
    });
  }

  /** To the other devices of the user. */
  #tell(caller: Caller, event: 'draft_created' | 'draft_updated' | 'draft_deleted', draft: Draft): void {
    this.#deps.publisher.publish({
      event,
      data: { draft: JSON.stringify(draft) },
      to: { user_id: draft.user_id, channel_id: draft.channel_id, omit_connection_id: caller.connectionId },
      token: caller.causality.token,
    });
  }
}

function refuseOthers(caller: Caller, userId: string): void {
  if (caller.userId !== userId) throw new AppError('api.context.permissions.app_error');
}

function present(draft: StoredDraft, deleteAt = 0, files: readonly FileInfo[] = []): Draft {
  return {
    create_at: draft.createAt,
    update_at: draft.updateAt,
    delete_at: deleteAt,
    user_id: draft.userId,
    channel_id: draft.channelId,
    root_id: draft.rootId,
    type: draft.type,
    message: draft.message,
    props: draft.props,
    file_ids: [...draft.fileIds],
    priority: draft.priority,
    metadata: files.length === 0 ? {} : { files: [...files] },
  };
}
