export { SidebarService } from './sidebar-service.ts';
