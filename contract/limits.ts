/** Sizes and patterns that Mattermost's clients rely on. Lengths are counted in Unicode code points. */
export const limits = {
  idLength: 26,
  usernameMax: 64,
  emailMax: 128,
  passwordMin: 8,
  passwordMax: 72,
  nameMax: 64,
  nameMin: 2,
  displayNameMax: 64,
  headerMax: 1024,
  purposeMax: 250,
  messageMax: 16_383,
  propsMax: 8_000,
  postTypeMax: 26,
  emojiNameMax: 64,
  customStatusMax: 100,
  tokenDescriptionMax: 255,
  botDescriptionMax: 1_024,
  /** Bytes of the picture of an emoji. */
  emojiBytesMax: 524_288,
  pendingPostIdMax: 190,
  perPageDefault: 60,
  perPageMax: 200,
  threadsPerPageDefault: 30,
  /** Lines of the log in one answer. */
  logsPerPageMax: 10_000,
  /** Users of a group channel, the one who makes it included. */
  groupMin: 3,
  groupMax: 8,
  /** Pending ids in one question after the stored ones. */
  pendingIdsMax: 200,
  idsMax: 1_000,
  /** Files of one post, and of one `POST /files`. */
  filesMax: 10,
  /** Longer names of files are cut. */
  fileNameMax: 255,
  /** A name that is longer than this is refused. */
  requestNameMax: 4_096,
  searchTermsMax: 1_024,
  /** Pages of a search; nobody looks further, and every one costs all before it. */
  searchPageMax: 1_000,
  /** Seconds that any place is away from UTC. */
  timeZoneMax: 86_400,
  bodyBytesMax: 1_048_576,
} as const;

/** Names that no user may take: they are mention keywords or belong to the server. */
export const reservedUsernames: readonly string[] = ['all', 'channel', 'here', 'matterbot', 'system'];
