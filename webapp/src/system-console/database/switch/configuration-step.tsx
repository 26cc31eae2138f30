import { Text } from '@mantine/core';
import type { MasterConfiguration } from '../../../../../contract/index.ts';
import { Banner } from '../../../ui/index.ts';
import { useText } from '../../texts.ts';
import { Excerpt } from './commands.tsx';
import classes from './switch.module.css';

/** Whether the file names the new master, or what a person must write where. */
export function ConfigurationResult({ configuration }: { configuration: MasterConfiguration }) {
  const text = useText();
  const { written, backup, reason, setting, text: words } = configuration;
  if (written) {
    return (
      <>
        <Banner tone="good">{text('switch.configuration.written')}</Banner>
        <p className={classes.words}>{text('switch.configuration.backup', { path: backup })}</p>
      </>
    );
  }
  return (
    <>
      <Banner tone="warning">{text('switch.configuration.not_written', { reason })}</Banner>
      <Text size="sm" my="sm">
        {text('switch.configuration.paste', { setting })}
      </Text>
      <Excerpt what={text('switch.configuration.copy', { setting })}>{words}</Excerpt>
    </>
  );
}
