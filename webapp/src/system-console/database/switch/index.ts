export { SwitchAction, SwitchBanner } from './switch-action.tsx';
export { SwitchPage } from './switch-page.tsx';
export { SwitchRemainder } from './switch-report.tsx';
