export { createRecordingPublisher, type RecordingPublisher } from './recording-publisher.ts';
export { createScriptedConfig, type ScriptedConfig } from './scripted-config.ts';
export { createScriptedControl, type ScriptedControl, type ScriptedRecycle, sourceOf } from './scripted-control.ts';
