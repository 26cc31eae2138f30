import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ConfigStatus } from '../../../../contract/index.ts';
import { Banner } from '../../ui/index.ts';
import { useText } from '../texts.ts';
import classes from './followed-master.module.css';
import { type Followed, FollowedMasterDialog } from './followed-master-dialog.tsx';

interface Done {
  readonly master: string;
  readonly path: string;
}

/** While the file names another master than the live one: says so, and offers to write it. */
export function FollowedMaster({ config }: { config: ConfigStatus }) {
  const text = useText();
  const [asked, setAsked] = useState<Followed>();
  const [done, setDone] = useState<Done>();
  const { followed } = config.layers.live;
  const end = (path?: string): void => {
    if (path !== undefined && asked) setDone({ master: asked.master, path });
    setAsked(undefined);
  };
  return (
    <div className={classes.followed}>
      {followed ? (
        <Banner
          tone="warning"
          actions={
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                setDone(undefined);
                setAsked(followed);
              }}
            >
              {text('configuration.followed.write')}
            </Button>
          }
        >
          {text('configuration.followed', { master: followed.master, configured: followed.configured })}
        </Banner>
      ) : null}
      <div role="status" aria-label={text('configuration.followed.result')}>
        {done && !followed ? <Banner tone="good">{text('configuration.followed.done', { ...done })}</Banner> : null}
      </div>
      <FollowedMasterDialog followed={asked} onEnd={end} />
    </div>
  );
}
