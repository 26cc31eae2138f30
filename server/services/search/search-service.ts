import { type FileSearchAnswer, limits, type SearchRequest } from '../../../contract/index.ts';
import type { FileSearch } from '../../stores/files/index.ts';
import type { PostSearch } from '../../stores/posts/index.ts';
import type { Choice, SearchNames, SearchScope } from '../../stores/search/index.ts';
import type { TeamStore } from '../../stores/teams/index.ts';
import { AppError } from '../base/app-error.ts';
import type { Caller } from '../base/caller.ts';
import { presentFile } from '../files/index.ts';
import { may, memberRoles } from '../permissions/index.ts';
import { parseSearchTerms, type SearchTerms } from './search-terms.ts';

/** What the running configuration says of searches. */
export interface SearchRules {
  readonly posts: boolean;
  readonly files: boolean;
  /** The databases are not to be searched: nothing is found. */
  readonly silent: boolean;
}

export interface SearchServiceDeps {
  readonly postSearch: PostSearch;
  readonly fileSearch: FileSearch;
  readonly searchNames: SearchNames;
  readonly teams: Pick<TeamStore, 'member'>;
  readonly searchRules: () => SearchRules;
}

const NO_POSTS =
  '{"order":[],"posts":{},"next_post_id":"","prev_post_id":"","first_inaccessible_post_time":0,"matches":{}}';

/** Finds posts and files among what the caller is a member of. */
export class SearchService {
  readonly #deps: SearchServiceDeps;

  constructor(deps: SearchServiceDeps) {
    this.#deps = deps;
  }

  /** A `PostList` with `matches` as JSON text; of all teams when `teamId` is empty. */
  async posts(caller: Caller, teamId: string, request: SearchRequest): Promise<string> {
    await this.#require(caller, teamId, request);
    const { posts, silent } = this.#deps.searchRules();
    if (!posts) throw new AppError('store.sql_post.search.disabled');
    const terms = parseSearchTerms(request.terms, request.time_zone_offset ?? 0);
    const scope = silent ? undefined : await this.#scope(caller, teamId, request, terms);
    if (scope === undefined) return NO_POSTS;
    const list = await this.#deps.postSearch.search(scope);
    return `${list.slice(0, -1)},"matches":{}}`;
  }

  async files(caller: Caller, teamId: string, request: SearchRequest): Promise<FileSearchAnswer> {
    await this.#require(caller, teamId, request);
    const { files, silent } = this.#deps.searchRules();
    if (!files) throw new AppError('store.sql_file_info.search.disabled');
    const terms = parseSearchTerms(request.terms, request.time_zone_offset ?? 0);
    const scope = silent ? undefined : await this.#scope(caller, teamId, request, terms);
    if (scope === undefined) return filesAnswer([]);
    // Names of files have no hashtags, just words.
    const texts = scope.texts.map((text) => ({ ...text, hashtag: false }));
    const found = await this.#deps.fileSearch.search({ ...scope, texts, extensions: terms.extensions });
    return filesAnswer(found.map((file) => presentFile(file)));
  }

  async #require(caller: Caller, teamId: string, { terms }: SearchRequest): Promise<void> {
    if (teamId !== '') {
      const member = await this.#deps.teams.member(caller.causality, { teamId, userId: caller.userId });
      const team = member && { roles: memberRoles('team', member), delete_at: member.delete_at };
      if (!may(caller, 'view_team', { team })) throw new AppError('api.context.permissions.app_error');
    }
    if (terms.trim() === '')
      throw new AppError('api.context.invalid_body_param.app_error', { params: { name: 'terms' } });
  }

  /** Undefined when somebody or something is asked for that is not there. */
  async #scope(
    caller: Caller,
    teamId: string,
    request: SearchRequest,
    terms: SearchTerms,
  ): Promise<SearchScope | undefined> {
    const { searchNames } = this.#deps;
    const partners = allOf(terms.in).filter(isPartner).map(partnerOf);
    const users = await searchNames.users([...allOf(terms.from), ...partners]);
    const channelNames = (names: readonly string[]): string[] =>
      names.flatMap((name) => (isPartner(name) ? directWith(caller.userId, users.get(partnerOf(name))) : name));
    const [wanted, unwanted] = await Promise.all(
      [terms.in.wanted, terms.in.unwanted].map((names) =>
        searchNames.channels(caller.userId, teamId, channelNames(names)),
      ),
    );
    const channels: Choice = { wanted: wanted ?? [], unwanted: unwanted ?? [] };
    const authors: Choice = { wanted: idsOf(users, terms.from.wanted), unwanted: idsOf(users, terms.from.unwanted) };
    if (isInVain(terms.in, channels) || isInVain(terms.from, authors)) return undefined;
    return {
      userId: caller.userId,
      teamId,
      archived: request.include_deleted_channels ?? false,
      texts: terms.texts,
      any: request.is_or_search ?? false,
      channels,
      authors,
      within: terms.within,
      notWithin: terms.notWithin,
      ...pageOf(request),
    };
  }
}

function pageOf({ page, per_page: perPage }: SearchRequest): { offset: number; limit: number } {
  const limit = Math.min(perPage ?? limits.perPageDefault, limits.perPageMax);
  return { offset: (page ?? 0) * limit, limit };
}

const allOf = ({ wanted, unwanted }: Choice): string[] => [...wanted, ...unwanted];
const isPartner = (name: string): boolean => name.startsWith('@');
const partnerOf = (name: string): string => name.slice(1);

/** The name of the direct channel of two users. */
const directWith = (userId: string, partner: string | undefined): string[] =>
  partner === undefined ? [] : [[userId, partner].sort().join('__')];

const idsOf = (users: ReadonlyMap<string, string>, names: readonly string[]): string[] => [
  ...new Set(names.map((name) => users.get(name)).filter((id) => id !== undefined)),
];

const isInVain = (names: Choice, found: Choice): boolean => names.wanted.length > 0 && found.wanted.length === 0;

function filesAnswer(files: readonly ReturnType<typeof presentFile>[]): FileSearchAnswer {
  return {
    order: files.map((file) => file.id),
    file_infos: Object.fromEntries(files.map((file) => [file.id, file])),
    next_file_info_id: '',
    prev_file_info_id: '',
    first_inaccessible_file_time: 0,
  };
}
