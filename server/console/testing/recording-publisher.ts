import type { EventData, EventName } from '../../../contract/index.ts';
import type { OutgoingEvent, Publisher } from '../../services/index.ts';

/** Keeps what was published. */
export interface RecordingPublisher extends Publisher {
  readonly published: OutgoingEvent[];
  dataOf<N extends EventName>(event: N): EventData<N>[];
}

export function createRecordingPublisher(): RecordingPublisher {
  const published: OutgoingEvent[] = [];
  return {
    published,
    publish: (event) => {
      published.push(event);
    },
    dataOf: <N extends EventName>(event: N) =>
      published.filter((each) => each.event === event).map((each) => each.data as unknown as EventData<N>),
  };
}
