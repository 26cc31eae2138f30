import { afterAll, beforeAll } from 'vitest';
import { describeEngines } from '../../../server/database/testing/index.ts';
import { cloneMistakesContract } from './clone-mistakes.contract.ts';
import { Ground } from './ground.ts';
import { trapsContract } from './traps.contract.ts';

describeEngines('habits of other clients', (engine) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.start(engine);
  }, 120_000);
  afterAll(() => ground?.stop());

  trapsContract(() => ground);
  cloneMistakesContract(() => ground);
});
