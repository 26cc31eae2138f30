import { timingSafeEqual } from 'node:crypto';
import { limits, type LoginRequest, type NewAccount, reservedUsernames, type User } from '../../../contract/index.ts';
import { type Causality, DatabaseError } from '../../database/index.ts';
import type { Logger } from '../../observability/index.ts';
import { emailKey, type FullUser, type NewUser, usernameKey, type UserStore } from '../../stores/users/index.ts';
import { AppError } from '../base/app-error.ts';
import type { RecordAudit } from '../base/audits.ts';
import type { Caller } from '../base/caller.ts';
import { newId } from '../base/new-id.ts';
import type { Publisher } from '../base/publisher.ts';
import { TokenBuckets } from '../base/token-buckets.ts';
import { may } from '../permissions/index.ts';
import type { IssuedSession, SessionService } from '../sessions/index.ts';
import type { PasswordHasher } from './password-hasher.ts';

export interface AccountSettings {
  /** Whether strangers may make accounts; admins always may. */
  readonly signUp: boolean;
  /** The least number of characters of a new password. */
  readonly passwordMin: number;
  /** Failed logins of one account from one address that may come at once; then one per half minute. */
  readonly loginAttempts: number;
}

export interface AccountServiceDeps {
  readonly users: UserStore;
  readonly sessions: SessionService;
  readonly hasher: PasswordHasher;
  readonly publisher: Publisher;
  /** What the sessions of one user have seen together. */
  readonly causality: { of(userId: string): Causality };
  readonly settings: () => AccountSettings;
  /** Printed in the log at the start; lets somebody who is not on this machine make the first account. */
  readonly setupCode: string;
  readonly log: Logger;
  /** Takes note of who signs in, and who tries to. Default: nobody does. */
  readonly audit?: RecordAudit;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** Where a request without a session comes from. */
export interface Stranger {
  readonly address: string;
  /** Directly from this machine, through no proxy and from no foreign web page. */
  readonly isLocal: boolean;
  readonly userAgent: string;
}

export interface SignedIn {
  readonly user: FullUser;
  readonly session: IssuedSession;
}

const LOGIN_REFILL_MS = 30_000;

/** Makes accounts, signs people in and changes their passwords. */
export class AccountService {
  readonly #deps: AccountServiceDeps;
  readonly #now: () => number;
  readonly #attempts: TokenBuckets;
  #hasAccounts = false;

  constructor(deps: AccountServiceDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? Date.now;
    const bucket = () => ({ capacity: deps.settings().loginAttempts, refillMs: LOGIN_REFILL_MS });
    this.#attempts = new TokenBuckets(bucket, this.#now);
  }

  /**
   * Makes an account. The very first becomes system admin, and is made by somebody at this machine or with the code
   * from its log.
   */
  async signUp(caller: Caller | undefined, request: NewAccount, from: Stranger): Promise<FullUser> {
    checkUsername(request.username);
    this.#checkPassword(request.password);
    const isFirst = caller === undefined && (await this.#isEmpty());
    if (isFirst) this.#checkFirst(request.setup_code, from);
    else this.#checkSignUp(caller);
    const row = await this.#newUser(request);
    const causality = caller?.causality ?? this.#deps.causality.of(row.id);
    const made = await refuseTaken(this.#deps.users.insert(causality, row, isFirst));
    this.#deps.publisher.publish({ event: 'new_user', data: { user_id: made.id }, to: {}, token: causality.token });
    this.#deps.log.info('user.created', { user_id: made.id, roles: made.roles });
    return made;
  }

  /** Begins a session. Which of name and password was wrong is never told. */
  async login(request: LoginRequest, from: Stranger): Promise<SignedIn> {
    const loginId = request.login_id.trim().toLowerCase();
    const known: { user?: FullUser } = {};
    const note = (extra: string): void => {
      const userId = known.user?.id ?? '';
      this.#deps.audit?.({ userId, action: '/api/v4/users/login', extra, address: from.address, sessionId: '' });
    };
    try {
      const signedIn = await this.#signIn(loginId, request, from, known);
      note('success');
      return signedIn;
    } catch (error) {
      note(`fail - ${error instanceof AppError ? error.id : 'error'}; login_id=${loginId}`);
      throw error;
    }
  }

  async #signIn(loginId: string, request: LoginRequest, from: Stranger, known: { user?: FullUser }): Promise<SignedIn> {
    if (request.password === '') throw new AppError('api.user.login.blank_pwd.app_error');
    const found = loginId === '' ? undefined : await this.#deps.users.credentials(loginId);
    if (found !== undefined) known.user = found.user;
    const attempt = `${loginId}\n${from.address}`;
    this.#takeAttempt(attempt);
    if (!(await this.#deps.hasher.verify(found?.passwordHash ?? '', request.password)) || found === undefined) {
      throw new AppError('api.user.login.invalid_credentials_email_username');
    }
    this.#attempts.reset(attempt);
    if (found.user.delete_at > 0) throw new AppError('api.user.login.inactive.app_error');
    const client = { deviceId: request.device_id ?? '', agent: from.userAgent };
    const session = await this.#deps.sessions.issue(this.#deps.causality.of(found.user.id), found.user.id, client);
    return { user: found.user, session };
  }

  /** Of oneself with the current password, of others as system admin. Ends every other session of the user. */
  async changePassword(caller: Caller, userId: string, passwords: { current: string; next: string }): Promise<void> {
    const isOwn = caller.userId === userId;
    if (!isOwn && !may(caller, 'manage_system')) throw new AppError('api.context.permissions.app_error');
    this.#checkPassword(passwords.next, 'new_password');
    const found = await this.#deps.users.credentials(userId);
    if (found === undefined) throw new AppError('app.user.missing_account.const');
    // Nobody signs in to a bot: it has no password and gets none.
    if (found.user.is_bot === true) throw new AppError('api.context.permissions.app_error');
    if (isOwn) await this.#checkCurrent(caller, found.passwordHash, passwords.current);
    const hash = await this.#deps.hasher.hash(passwords.next);
    const exceptSession = isOwn ? caller.sessionId : '';
    await this.#deps.users.setPassword(caller.causality, userId, { hash, now: this.#now(), exceptSession });
    this.#deps.sessions.userEnded(userId);
  }

  async #checkCurrent(caller: Caller, passwordHash: string, password: string): Promise<void> {
    const attempt = `${caller.userId}\n${caller.address}`;
    this.#takeAttempt(attempt);
    if (!(await this.#deps.hasher.verify(passwordHash, password))) {
      throw new AppError('api.user.update_password.incorrect.app_error');
    }
    this.#attempts.reset(attempt);
  }

  /** Taken before the password is checked, so that a hundred guesses at the same moment are not all let through. */
  #takeAttempt(key: string): void {
    const waitMs = this.#attempts.take(key);
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1000);
    throw new AppError('api.user.login.too_many_attempts.app_error', { params: { seconds }, retryAfter: seconds });
  }

  #checkSignUp(caller: Caller | undefined): void {
    const allowed = this.#deps.settings().signUp || (caller !== undefined && may(caller, 'manage_system'));
    if (!allowed) throw new AppError('api.user.create_user.disabled.app_error');
  }

  #checkFirst(code: string | undefined, from: Stranger): void {
    if (from.isLocal || equalSecrets(code ?? '', this.#deps.setupCode)) return;
    throw new AppError('api.user.create_user.setup_code.app_error');
  }

  #checkPassword(password: string, field = 'password'): void {
    const min = this.#deps.settings().passwordMin;
    if (password === '') throw new AppError('api.context.invalid_body_param.app_error', { params: { name: field } });
    const length = [...password].length;
    if (length >= min && length <= limits.passwordMax) return;
    throw new AppError('model.user.is_valid.pwd.app_error', { params: { min, max: limits.passwordMax } });
  }

  /** Accounts are never removed, so once there is one there will always be one. */
  async #isEmpty(): Promise<boolean> {
    this.#hasAccounts ||= !(await this.#deps.users.isEmpty());
    return !this.#hasAccounts;
  }

  async #newUser(request: NewAccount): Promise<NewUser> {
    return {
      id: newId(),
      createAt: this.#now(),
      username: request.username,
      email: request.email,
      password: await this.#deps.hasher.hash(request.password),
      nickname: request.nickname,
      firstName: request.first_name,
      lastName: request.last_name,
      locale: request.locale,
      notifyProps: defaultNotifyProps,
    };
  }
}

/** Mattermost's defaults. */
export const defaultNotifyProps: Readonly<NonNullable<User['notify_props']>> = {
  channel: 'true',
  comments: 'never',
  desktop: 'mention',
  desktop_sound: 'true',
  email: 'true',
  first_name: 'false',
  mention_keys: '',
  push: 'mention',
  push_status: 'away',
};

/** Some names are mention keywords or belong to the server. */
export function checkUsername(username: string): void {
  if (reservedUsernames.includes(username)) {
    throw new AppError('api.context.invalid_body_param.app_error', { params: { name: 'username' } });
  }
}

/** Tells the one who asked which of name and address is taken. */
export async function refuseTaken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const taken = error instanceof DatabaseError && error.kind === 'unique' ? error.constraint : undefined;
    if (taken === usernameKey) throw new AppError('app.user.save.username_exists.app_error', { cause: error });
    if (taken === emailKey) throw new AppError('app.user.save.email_exists.app_error', { cause: error });
    throw error;
  }
}

function equalSecrets(given: string, secret: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(secret);
  return secret !== '' && a.length === b.length && timingSafeEqual(a, b);
}
