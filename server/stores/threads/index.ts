export {
  createThreadStore,
  type Follower,
  type FollowedThread,
  type ThreadPage,
  type ThreadPlace,
  type ThreadStore,
  type ThreadTotals,
} from './thread-store.ts';
