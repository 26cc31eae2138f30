import { ArrowRight, Check } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConfigStatus } from '../../../../contract/index.ts';
import { Moment } from '../panel/age.tsx';
import { type Text, useText } from '../texts.ts';
import classes from './layer-strip.module.css';

/** On disk -> running -> live pools: which configuration each layer has, and what moves it on. */
export function LayerStrip({ config }: { config: ConfigStatus }) {
  const text = useText();
  const { on_disk: disk, running, live } = config.layers;
  return (
    <ol className={classes.strip} aria-label={text('layers.label')}>
      <Layer name={text('layers.disk')} layer={disk} none={text('layers.disk.none')}>
        {disk ? (
          <>
            {text('layers.disk.edited')} <Moment at={disk.at} />
          </>
        ) : null}
      </Layer>
      <Layer
        name={text('layers.running')}
        layer={running}
        before={diskWords(config, text)}
        same={disk?.sha === running.sha}
      >
        {text('layers.running.since')} <Moment at={running.at} />
      </Layer>
      <Layer
        name={text('layers.live')}
        layer={live}
        before={config.recycle_needed ? text('layers.recycle') : text('layers.same')}
        same={!config.recycle_needed}
      >
        {text('layers.live.since', { generation: live.generation })} <Moment at={live.at} />
      </Layer>
    </ol>
  );
}

/** What stands between the file and the running configuration. */
function diskWords({ file, layers }: ConfigStatus, text: Text): string {
  if (layers.on_disk?.sha === layers.running.sha) return text('layers.same');
  return text(file.valid ? 'layers.reload' : 'layers.mend');
}

interface LayerProps {
  readonly name: string;
  readonly layer: { readonly version: number; readonly sha: string } | null;
  readonly none?: string;
  /** What the arrow to this layer says. */
  readonly before?: string;
  readonly same?: boolean;
  readonly children: ReactNode;
}

function Layer({ name, layer, none, before, same, children }: LayerProps) {
  const text = useText();
  return (
    <li className={classes.layer}>
      {before === undefined ? null : (
        <span className={classes.arrow} data-same={same}>
          {same ? <Check size={16} aria-hidden="true" /> : <ArrowRight size={16} aria-hidden="true" />}
          {before}
        </span>
      )}
      <span className={classes.box}>
        <strong>{name}</strong>{' '}
        {layer ? (
          <span className={classes.version} title={layer.sha}>
            {text('layers.version', { version: layer.version })} · {text('layers.sha', { sha: layer.sha.slice(0, 7) })}
          </span>
        ) : (
          none
        )}{' '}
        <span className={classes.when}>{children}</span>
      </span>
    </li>
  );
}
