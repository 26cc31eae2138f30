export { presentFile } from './present-file.ts';
