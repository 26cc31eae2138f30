import { Button, Group, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { memo } from 'react';
import type { ConfigStatus, MasterConfiguration } from '../../../../contract/index.ts';
import { api, errorText } from '../../client/index.ts';
import { Banner, Dialog } from '../../ui/index.ts';
import { consoleKeys } from '../data/queries.ts';
import { Excerpt } from '../database/switch/commands.tsx';
import { QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import { ChangeRows } from './changes-table.tsx';

/** The live master that the file does not name first. */
export type Followed = NonNullable<ConfigStatus['layers']['live']['followed']>;

interface FollowedMasterDialogProps {
  readonly followed: Followed | undefined;
  /** @param backup where the former content is; undefined when nothing was written. */
  readonly onEnd: (backup?: string) => void;
}

/** The question before the live master is written to the file. */
export const FollowedMasterDialog = memo(function FollowedMasterDialog({ followed, onEnd }: FollowedMasterDialogProps) {
  const text = useText();
  const title = text('configuration.followed.title');
  return (
    <Dialog opened={followed !== undefined} onClose={() => onEnd()} title={title} role="alertdialog" size={1080}>
      {followed ? <FollowedMasterQuestion followed={followed} onEnd={onEnd} /> : null}
    </Dialog>
  );
});

interface FollowedMasterQuestionProps extends FollowedMasterDialogProps {
  readonly followed: Followed;
}

function FollowedMasterQuestion({ followed, onEnd }: FollowedMasterQuestionProps) {
  const text = useText();
  const client = useQueryClient();
  const { master, configured } = followed;
  const plan = useWritePlan(master);
  const write = useMutation({
    mutationFn: () => api.operations.writeMaster({ master }, { dryRun: false }),
    networkMode: 'always',
    onSuccess: ({ configuration }) => {
      if (configuration.written) onEnd(configuration.backup);
    },
    onSettled: () => client.invalidateQueries({ queryKey: consoleKeys.all }),
  });
  const differences = text('configuration.followed.differences');
  const sides = [text('configuration.followed.now'), text('configuration.followed.then')] as const;
  const refused = [write.data, plan.data].find((answer) => answer && answer.configuration.reason !== '');
  return (
    <>
      <Text size="sm" mb="md">
        {text('configuration.followed.effect', { master, configured })}
      </Text>
      <QueryContent title={differences} query={plan}>
        {({ changes }) =>
          changes.length === 0 ? null : (
            <>
              <Title order={3} size="h5" mb="xs">
                {differences}
              </Title>
              <ChangeRows label={differences} changes={changes} sides={sides} />
            </>
          )
        }
      </QueryContent>
      <div role="alert">
        {refused ? <ByHand configuration={refused.configuration} /> : null}
        {write.error ? <Banner tone="bad">{errorText(write.error)}</Banner> : null}
      </div>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => onEnd()} data-autofocus>
          {text('configuration.followed.cancel')}
        </Button>
        <Button
          disabled={plan.data === undefined || refused !== undefined}
          loading={write.isPending}
          onClick={() => write.mutate()}
        >
          {text('configuration.followed.confirm')}
        </Button>
      </Group>
    </>
  );
}

function useWritePlan(master: string) {
  return useQuery({
    // Apart from what is kept fresh: once it is written there is nothing left to plan.
    queryKey: ['master-write', master],
    queryFn: () => api.operations.writeMaster({ master }, { dryRun: true }),
    networkMode: 'always',
    retry: false,
    // What was looked at is what is asked about.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** Why the server does not write it, and what a person must write where. */
function ByHand({ configuration: { reason, setting, text: words } }: { configuration: MasterConfiguration }) {
  const text = useText();
  return (
    <>
      <Banner tone="warning">{text('configuration.followed.not_writable', { reason })}</Banner>
      <Text size="sm" my="sm">
        {text('configuration.followed.paste', { setting })}
      </Text>
      <Excerpt what={text('configuration.followed.copy', { setting })}>{words}</Excerpt>
    </>
  );
}
