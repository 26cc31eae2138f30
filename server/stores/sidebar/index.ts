export { type CategoryChange, createSidebarStore, type SidebarStore } from './sidebar-store.ts';
export { followFavorites, type SidebarPlace } from './sidebar.sql.ts';
