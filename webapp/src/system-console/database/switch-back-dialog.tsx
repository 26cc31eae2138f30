import { Button, Group, Text } from '@mantine/core';
import { memo, type ReactNode, useState } from 'react';
import type { ConfigStatus } from '../../../../contract/index.ts';
import { errorText } from '../../client/index.ts';
import { Banner, Dialog, StatusBadge } from '../../ui/index.ts';
import { ChangesTable } from '../configuration/changes-table.tsx';
import { RestoreQuestion } from '../configuration/restore-dialog.tsx';
import { shortSha } from '../configuration/short-sha.ts';
import { useConfigStatus } from '../data/queries.ts';
import { useReload } from '../data/use-reload.ts';
import { QueryContent } from '../panel/panel.tsx';
import { useText } from '../texts.ts';
import classes from './switch-back.module.css';

interface SwitchBackDialogProps {
  readonly opened: boolean;
  /** The version of the configuration to go back to. */
  readonly sha: string;
  readonly onClose: () => void;
  readonly openRecycle: () => void;
}

type StepProps = Omit<SwitchBackDialogProps, 'opened'> & { readonly config: ConfigStatus };

/** On disk, then running, then live pools: the steps of any change, each looked at and asked for by the admin. */
export const SwitchBackDialog = memo(function SwitchBackDialog(props: SwitchBackDialogProps) {
  const text = useText();
  const { opened, onClose } = props;
  return (
    <Dialog opened={opened} onClose={onClose} title={text('switch_back.title')} role="alertdialog" size={1080}>
      {opened ? <Content {...props} /> : null}
    </Dialog>
  );
});

function Content(props: SwitchBackDialogProps) {
  const text = useText();
  const config = useConfigStatus();
  return (
    <QueryContent title={text('switch_back.title')} query={config}>
      {(data) => <Steps {...props} config={data} />}
    </QueryContent>
  );
}

const steps = { restore: RestoreStep, reload: ReloadStep, recycle: RecycleStep } as const;
const order = ['restore', 'reload', 'recycle'] as const;

/** Where the configuration stands tells which step is next, also when another admin has made one of them. */
function Steps(props: StepProps) {
  const text = useText();
  const { config, sha } = props;
  const next = nextStep(config.layers, sha);
  const Step = steps[next];
  return (
    <>
      <Text size="sm">{text('switch_back.intro', { version: shortSha(sha) })}</Text>
      <ol className={classes.steps} aria-label={text('switch_back.steps')}>
        {order.map((step) => (
          <li key={step} aria-current={step === next ? 'step' : undefined}>
            {text(`switch_back.step.${step}`)} <StepBadge at={order.indexOf(step) - order.indexOf(next)} />
          </li>
        ))}
      </ol>
      <Step {...props} />
    </>
  );
}

function nextStep({ on_disk: disk, running }: ConfigStatus['layers'], sha: string): (typeof order)[number] {
  if (running.sha === sha) return 'recycle';
  return disk?.sha === sha ? 'reload' : 'restore';
}

function StepBadge({ at }: { at: number }) {
  const text = useText();
  if (at === 0) return <StatusBadge tone="info">{text('switch_back.next')}</StatusBadge>;
  return at < 0 ? (
    <StatusBadge tone="good">{text('switch_back.done')}</StatusBadge>
  ) : (
    <StatusBadge tone="neutral">{text('switch_back.later')}</StatusBadge>
  );
}

function RestoreStep({ config, sha, onClose }: StepProps) {
  const text = useText();
  const { layers, file, kept_versions: kept } = config;
  // What the admin sees now is what may be replaced, whatever stands there when the question is answered.
  const [request] = useState({ sha, onDisk: layers.on_disk?.sha ?? null, writable: file.writable });
  const end = (done?: string): void => {
    if (done === undefined) onClose();
  };
  if (kept.includes(sha)) return <RestoreQuestion request={request} onEnd={end} />;
  return (
    <>
      <div role="alert">
        <Banner tone="bad">{text('switch_back.not_kept', { version: shortSha(sha) })}</Banner>
      </div>
      <Buttons onClose={onClose} />
    </>
  );
}

function ReloadStep({ config, sha, onClose }: StepProps) {
  const text = useText();
  const reload = useReload();
  return (
    <>
      <Text size="sm" mb="xs">
        {text('switch_back.reload', { version: shortSha(sha) })}
      </Text>
      <ChangesTable config={config} />
      <div role="alert">{reload.error ? <Banner tone="bad">{errorText(reload.error)}</Banner> : null}</div>
      <Buttons onClose={onClose}>
        <Button loading={reload.isPending} onClick={() => reload.mutate()}>
          {text('configuration.reload')}
        </Button>
      </Buttons>
    </>
  );
}

function RecycleStep({ sha, onClose, openRecycle }: StepProps) {
  const text = useText();
  const go = (): void => {
    onClose();
    openRecycle();
  };
  return (
    <>
      <Text size="sm">{text('switch_back.recycle', { version: shortSha(sha) })}</Text>
      <Buttons onClose={onClose}>
        <Button onClick={go}>{text('switch_back.check')}</Button>
      </Buttons>
    </>
  );
}

function Buttons({ onClose, children }: { onClose: () => void; children?: ReactNode }) {
  const text = useText();
  return (
    <Group justify="flex-end" mt="lg">
      <Button variant="default" onClick={onClose} data-autofocus>
        {text('recycle.cancel')}
      </Button>
      {children}
    </Group>
  );
}
