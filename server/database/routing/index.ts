export { caughtUp, chooseByLoad, type Load, type LoadOf, probablyCaughtUp } from './choose-reader.ts';
