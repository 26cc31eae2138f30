export { caughtUp, chooseByLoad, cost, type Load, type LoadOf, probablyCaughtUp } from './choose-reader.ts';
