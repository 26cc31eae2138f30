import type {
  CreateSidebarCategoryRequest,
  Preference,
  SidebarCategories,
  SidebarCategory,
  UpdateSidebarCategory,
} from '../../../contract/index.ts';
import type { CategoryChange, SidebarPlace, SidebarStore } from '../../stores/sidebar/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import type { OutgoingEvent, Publisher } from '../base/publisher.ts';
import type { ChannelMemberService } from '../channels/index.ts';
import { mayEditUser } from '../permissions/index.ts';
import { favoritesChanged, type MutedChannel, mutesChanged } from './compare.ts';

export interface SidebarServiceDeps {
  readonly sidebar: SidebarStore;
  readonly channelMembers: Pick<ChannelMemberService, 'patchNotifyProps'>;
  readonly publisher: Publisher;
}

type SidebarEvent =
  | 'sidebar_category_created'
  | 'sidebar_category_updated'
  | 'sidebar_category_deleted'
  | 'sidebar_category_order_updated';

const missing = () => new AppError('app.channel.sidebar_categories.app_error');
const invalid = (name: string) => new AppError('api.context.invalid_body_param.app_error', { params: { name } });

/** How a user has arranged their channels: of oneself, or of others with the right to edit them. */
export class SidebarService {
  readonly #deps: SidebarServiceDeps;

  constructor(deps: SidebarServiceDeps) {
    this.#deps = deps;
  }

  async all(caller: Caller, place: SidebarPlace): Promise<SidebarCategories> {
    const categories = await this.#existing(caller, place);
    return { categories, order: categories.map((category) => category.id) };
  }

  async one(caller: Caller, place: SidebarPlace, id: string): Promise<SidebarCategory> {
    const category = (await this.#existing(caller, place)).find((existing) => existing.id === id);
    if (category === undefined) throw missing();
    return category;
  }

  /** A new category comes first, or right behind the favourites when they are first. */
  async create(caller: Caller, place: SidebarPlace, request: CreateSidebarCategoryRequest): Promise<SidebarCategory> {
    const before = await this.#existing(caller, place);
    checkOwner(place, request);
    const id = newId();
    const order = before.map((category) => category.id);
    order.splice(before[0]?.type === 'favorites' ? 1 : 0, 0, id);
    const after = await this.#deps.sidebar.create(caller.causality, place, changeOf(id, 'custom', request), order);
    this.#tell(caller, place, 'sidebar_category_created', { category_id: id });
    await this.#tellConsequences(caller, place, before, after);
    return after.find((category) => category.id === id) as SidebarCategory;
  }

  /** Changes some of the categories; answers these. */
  async update(
    caller: Caller,
    place: SidebarPlace,
    requests: readonly UpdateSidebarCategory[],
  ): Promise<SidebarCategory[]> {
    const before = await this.#existing(caller, place);
    const changes = requests.map((request) => {
      checkOwner(place, request);
      const existing = before.find((category) => category.id === request.id);
      if (existing === undefined) throw missing();
      if (existing.type === 'custom' && request.display_name === '') throw invalid('display_name');
      return changeOf(existing.id, existing.type, request);
    });
    const after = await this.#deps.sidebar.update(caller.causality, place, changes);
    const updated = requests.flatMap(({ id }) => after.filter((category) => category.id === id));
    this.#tell(caller, place, 'sidebar_category_updated', { updatedCategories: JSON.stringify(updated) });
    await this.#tellConsequences(caller, place, before, after);
    return updated;
  }

  /** `order` names every category once. */
  async reorder(caller: Caller, place: SidebarPlace, order: readonly string[]): Promise<string[]> {
    const before = await this.#existing(caller, place);
    const isComplete = before.every((category) => order.includes(category.id));
    if (!isComplete || order.length !== before.length) throw invalid('order');
    const after = await this.#deps.sidebar.reorder(caller.causality, place, order);
    const ids = after.map((category) => category.id);
    this.#tell(caller, place, 'sidebar_category_order_updated', { order: ids });
    return ids;
  }

  /** Removes a category that the user has made; the three default ones stay. */
  async remove(caller: Caller, place: SidebarPlace, id: string): Promise<void> {
    const before = await this.#existing(caller, place);
    const category = before.find((existing) => existing.id === id);
    if (category === undefined) throw missing();
    if (category.type !== 'custom') {
      throw new AppError('api.context.invalid_url_param.app_error', { params: { name: 'category_id' } });
    }
    const after = await this.#deps.sidebar.remove(caller.causality, place, id);
    this.#tell(caller, place, 'sidebar_category_deleted', { category_id: id });
    await this.#tellConsequences(caller, place, before, after);
  }

  async #existing(caller: Caller, place: SidebarPlace): Promise<SidebarCategory[]> {
    if (!mayEditUser(caller, place.userId)) throw new AppError('api.context.permissions.app_error');
    const categories = await this.#deps.sidebar.categories(caller.causality, place);
    // Whoever is not in the team has no sidebar there.
    if (categories.length === 0) throw missing();
    return categories;
  }

  /** Favourites are preferences as well, and a muted category mutes what comes into it. */
  async #tellConsequences(
    caller: Caller,
    place: SidebarPlace,
    before: readonly SidebarCategory[],
    after: readonly SidebarCategory[],
  ): Promise<void> {
    const { added, removed } = favoritesChanged(before, after);
    const preference = (name: string) => ({ user_id: place.userId, category: 'favorite_channel', name, value: 'true' });
    if (added.length > 0) this.#tellPreferences(caller, place, 'preferences_changed', added.map(preference));
    if (removed.length > 0) this.#tellPreferences(caller, place, 'preferences_deleted', removed.map(preference));
    for (const channel of mutesChanged(before, after)) await this.#mute(caller, place, channel);
  }

  async #mute(caller: Caller, { userId }: SidebarPlace, { channelId, muted }: MutedChannel): Promise<void> {
    const props = { mark_unread: muted ? 'mention' : 'all' };
    await this.#deps.channelMembers.patchNotifyProps(caller, { channelId, userId }, props);
  }

  #tellPreferences(
    caller: Caller,
    { userId }: SidebarPlace,
    event: 'preferences_changed' | 'preferences_deleted',
    preferences: readonly Preference[],
  ): void {
    const data = { preferences: JSON.stringify(preferences) };
    this.#deps.publisher.publish({ event, data, to: { user_id: userId }, token: caller.causality.token });
  }

  #tell<N extends SidebarEvent>(caller: Caller, place: SidebarPlace, event: N, data: OutgoingEvent<N>['data']): void {
    const to = { user_id: place.userId, team_id: place.teamId };
    this.#deps.publisher.publish({ event, data, to, token: caller.causality.token });
  }
}

function checkOwner({ userId, teamId }: SidebarPlace, request: { user_id: string; team_id: string }): void {
  if (request.user_id !== userId) throw invalid('user_id');
  if (request.team_id !== teamId) throw invalid('team_id');
}

function changeOf(id: string, type: CategoryChange['type'], request: CreateSidebarCategoryRequest): CategoryChange {
  const { display_name: displayName, sorting, muted, collapsed, channel_ids: channelIds } = request;
  return { id, type, displayName, sorting, muted, collapsed, channelIds };
}
