import { createTexts } from '../ui/index.ts';
import { configurationMessages } from './messages/configuration.ts';
import { databaseMessages } from './messages/database.ts';
import { diskMessages } from './messages/disk.ts';
import { frameMessages } from './messages/frame.ts';
import { historyMessages } from './messages/history.ts';
import { logsMessages } from './messages/logs.ts';
import { overviewMessages } from './messages/overview.ts';
import { settingMessages } from './messages/settings.ts';
import { switchMessages } from './messages/switch.ts';

export const { TextProvider, useText } = createTexts({
  ...frameMessages,
  ...overviewMessages,
  ...configurationMessages,
  ...databaseMessages,
  ...switchMessages,
  ...diskMessages,
  ...settingMessages,
  ...historyMessages,
  ...logsMessages,
});

export type Text = ReturnType<typeof useText>;
