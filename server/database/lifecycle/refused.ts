/** A reason not to go on; everything is as it was before. The message is for the operator. */
export class Refused extends Error {}
