/** As `SqlSettings.DriverName` has it. */
export type DriverName = 'postgres' | 'mysql';

/** A post as the database keeps it. */
export interface StoredPost {
  readonly id: string;
  readonly userId: string;
  readonly channelId: string;
  readonly pendingPostId: string;
  readonly message: string;
}

/** The way from the server to one node; the other nodes' links do not pass here. */
export interface NodeNetwork {
  /** Packets vanish: nothing is refused and nothing arrives. */
  drop(): Promise<void>;
  /** Connections are reset, new ones too. */
  reset(): Promise<void>;
  /** Everything arrives `ms` later in each direction. */
  slow(ms: number): Promise<void>;
  heal(): Promise<void>;
}

/** What can be in the way of a switchover on the master, see `DrillNode.obstruct`. */
export type Obstacle = 'move' | 'writes' | 'fence';

/** One database server that a drill may mistreat. What a method breaks, its partner or `DrillCluster.heal` mends. */
export interface DrillNode {
  readonly name: string;
  /** What the configuration of the server under test has: through `network`. */
  readonly url: string;
  readonly network: NodeNetwork;
  /** Starts it, or does nothing when it runs. */
  start(): Promise<void>;
  /** The administrator's way to stop it: sessions are cut, nothing is lost. */
  stop(): Promise<void>;
  /** As a crash of its machine. */
  kill(): Promise<void>;
  /** Kills (-9) what serves one session of the server under test. */
  killSession(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Makes a replica a master; the other nodes stay as they are. */
  promote(): Promise<void>;
  /** Makes it a fresh replica of the present master, whatever it was. */
  rebuild(): Promise<void>;
  pauseReplay(): Promise<void>;
  resumeReplay(): Promise<void>;
  cutReplication(): Promise<void> | void;
  restoreReplication(): Promise<void>;
  /** Changes show that much later on this replica; 0 = at once. */
  delayReplay(ms: number): Promise<void> | void;
  /** Has the master throw away log that this stopped replica still needs: it can never follow again. */
  loseSlot(): Promise<void>;
  /** A long query on this replica holds up what the master does next to the table of the posts. Ends the query with the returned call. */
  holdConflictingQuery(): Promise<() => Promise<void>>;
  /** Takes every connection that the node allows, those of the server under test too. Gives them back with the returned call. */
  useUpConnections(): Promise<() => Promise<void>>;
  /** A master that refuses writes, or accepts them again. */
  setReadOnly(on: boolean): Promise<void>;
  /**
   * Gets in the way of a switchover away from this master: another one has the lock of moves, writes do not end, something
   * that nobody may end keeps the fence from being complete. Gives way with the returned call.
   */
  obstruct(what: Obstacle): Promise<() => Promise<void>>;
  /** Puts the node's data, or its log alone, on a disk of its own; restarts it. Throws where `whyNoFullDisk` says why. */
  useSmallDisk(what: 'data' | 'log'): Promise<NodeDisk>;
}

export interface NodeDisk {
  /** No byte is left, and the node has work that needs some. */
  fill(): Promise<void>;
  /** There is room again; a node that has died of it is started. */
  free(): Promise<void>;
  /** Back on the old disk, by a restart. */
  remove(): Promise<void>;
}

/** A master and its replicas of one engine, with everything that can happen to them. */
export interface DrillCluster {
  readonly driver: DriverName;
  readonly nodes: readonly DrillNode[];
  /** The node on the newest history that accepts writes, running or not. */
  master(): DrillNode;
  replicas(): DrillNode[];
  /** Sees which node is the master now: the server under test may have moved it. All nodes run. */
  look(): Promise<void>;
  /** What the engine calls itself, with its version. */
  version(): Promise<string>;
  /** Undoes every fault: all nodes run, and all but the master are its replicas. */
  heal(): Promise<void>;
  /** The users' posts of these channels, oldest first, straight from the present master. */
  readPosts(channelIds: readonly string[], since: number): Promise<StoredPost[]>;
  /** Why disks cannot be filled here; undefined when they can. */
  whyNoFullDisk(): string | undefined;
  stop(): Promise<void>;
}
