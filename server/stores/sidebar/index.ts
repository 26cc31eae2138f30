export { type CategoryChange, createSidebarStore, type SidebarStore } from './sidebar-store.ts';
export { followFavorites, forgetPlaces, type SidebarPlace } from './sidebar.sql.ts';
